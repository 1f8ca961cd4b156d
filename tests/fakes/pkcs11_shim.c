/* A PKCS#11 module in front of a real one, which fails on purpose: what SHIM_RULES says, all else is SoftHSM2.

SHIM_MODULE: the module behind. SHIM_LOG: a file to which the name of each call below is added, a line each. SHIM_TIMES: a file to
which the microseconds of each C_Sign are added.
SHIM_RULES: `FUNCTION:WHEN:DEED`, several joined by `;`. WHEN is the number of the call (1 is the first), or `*` for each.
DEED is `0xNN` (answer this code), `sleepNN` (milliseconds, then go on), `kill` (the process that started this one),
`killafter` (the same, once the call is done), `crash`, `hang`, `print`; for C_GetTokenInfo `flags0xNN` (set these bits too);
for C_GetMechanismList `hide0xNN` (leave this mechanism out); `load:1:crash` and `load:1:hang` before anything else.
Lines of `NAME=VALUE` in a file named as this module with `.env` behind it are put into the environment first.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*function)();
struct list { unsigned char version[2]; function calls[68]; };

enum { SLOTS = 4, TOKEN = 6, MECHANISMS = 7, OPEN = 12, LOGIN = 18, LOGOUT = 19, FIND = 26, INIT = 42, SIGN = 43 };
static struct list *real, ours;
static int counts[68];

static const char *rule(int call, const char *name, int number) {
    static char deed[64];
    const char *rules = getenv("SHIM_RULES");
    char text[4096], *rest, *one;
    if (!rules || strlen(rules) >= sizeof text) return NULL;
    strcpy(text, rules);
    for (one = strtok_r(text, ";", &rest); one; one = strtok_r(NULL, ";", &rest)) {
        char said[64], when[16];
        if (sscanf(one, "%63[^:]:%15[^:]:%63s", said, when, deed) != 3 || strcmp(said, name)) continue;
        if (!strcmp(when, "*") || atoi(when) == number) return deed;
    }
    return NULL;
}

static int begins(const char *deed, const char *word) { return deed && !strncmp(deed, word, strlen(word)); }

/* Nonzero: the code to answer with instead of calling the module behind. */
static word before(int call, const char *name, const char **deed) {
    const char *log = getenv("SHIM_LOG");
    FILE *file = log ? fopen(log, "a") : NULL;
    if (file) { fprintf(file, "%s\n", name); fclose(file); }
    *deed = rule(call, name, ++counts[call]);
    if (begins(*deed, "0x")) return strtoul(*deed, NULL, 16);
    if (begins(*deed, "sleep")) usleep(1000 * atoi(*deed + 5));
    if (*deed && !strcmp(*deed, "kill")) kill(getppid(), SIGKILL);
    if (begins(*deed, "print")) write(1, "a driver talks\n", 15);
    if (begins(*deed, "crash")) abort();
    while (begins(*deed, "hang")) sleep(60);
    return 0;
}

static word after(const char *deed, word code) {
    if (begins(deed, "killafter")) kill(getppid(), SIGKILL);
    return code;
}

#define PASS(name, call, declared, given)                              \
    static word name declared {                                        \
        const char *deed;                                              \
        word code = before(call, #name, &deed);                        \
        return code ? code : after(deed, real->calls[call] given);     \
    }
PASS(C_GetSlotList, SLOTS, (unsigned char here, word *slots, word *count), (here, slots, count))
PASS(C_OpenSession, OPEN, (word slot, word flags, void *a, void *b, word *s), (slot, flags, a, b, s))
PASS(C_Login, LOGIN, (word s, word user, unsigned char *pin, word length), (s, user, pin, length))
PASS(C_Logout, LOGOUT, (word s), (s))
PASS(C_FindObjectsInit, FIND, (word s, void *wanted, word count), (s, wanted, count))
PASS(C_SignInit, INIT, (word s, void *mechanism, word key), (s, mechanism, key))

static word C_Sign(word s, unsigned char *data, word length, unsigned char *out, word *made) {
    const char *deed;
    const char *times = getenv("SHIM_TIMES");
    struct timespec begun, ended;
    FILE *file;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    word code = out ? before(SIGN, "C_Sign", &deed) : 0; /* without a buffer it only asks how long */
    if (code) return code;
    code = real->calls[SIGN](s, data, length, out, made);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    if (times && (file = fopen(times, "a"))) {
        fprintf(file, "%ld\n", (ended.tv_sec - begun.tv_sec) * 1000000 + (ended.tv_nsec - begun.tv_nsec) / 1000);
        fclose(file);
    }
    return out ? after(deed, code) : code;
}

static word C_GetTokenInfo(word slot, unsigned char *info) {
    const char *deed;
    word code = before(TOKEN, "C_GetTokenInfo", &deed);
    if (!code) code = real->calls[TOKEN](slot, info);
    if (!code && begins(deed, "flags")) *(word *)(info + 96) |= strtoul(deed + 5, NULL, 16);
    return code;
}

static word C_GetMechanismList(word slot, word *list, word *count) {
    const char *deed;
    word code = before(MECHANISMS, "C_GetMechanismList", &deed), kept = 0, i;
    if (!code) code = real->calls[MECHANISMS](slot, list, count);
    if (code || !list || !begins(deed, "hide")) return code;
    for (i = 0; i < *count; i++)
        if (list[i] != strtoul(deed + 4, NULL, 16)) list[kept++] = list[i];
    *count = kept;
    return 0;
}

static void read_environment(void) {
    static char lines[64][4200];
    char path[4096];
    Dl_info self;
    FILE *file;
    int i;
    dladdr(read_environment, &self);
    snprintf(path, sizeof path, "%s.env", self.dli_fname);
    if (!(file = fopen(path, "r"))) return;
    for (i = 0; i < 64 && fgets(lines[i], sizeof lines[i], file); i++) {
        lines[i][strcspn(lines[i], "\n")] = 0;
        putenv(lines[i]);
    }
    fclose(file);
}

word C_GetFunctionList(struct list **found) {
    read_environment();
    const char *load = rule(0, "load", 1);
    if (begins(load, "crash")) abort();
    while (begins(load, "hang")) sleep(60);
    void *module = dlopen(getenv("SHIM_MODULE"), RTLD_NOW);
    word (*get)(struct list **) = module ? (word (*)(struct list **))dlsym(module, "C_GetFunctionList") : NULL;
    if (!get || get(&real)) return 5;
    ours = *real;
    ours.calls[SLOTS] = C_GetSlotList;
    ours.calls[TOKEN] = C_GetTokenInfo;
    ours.calls[MECHANISMS] = C_GetMechanismList;
    ours.calls[OPEN] = C_OpenSession;
    ours.calls[LOGIN] = C_Login;
    ours.calls[LOGOUT] = C_Logout;
    ours.calls[FIND] = C_FindObjectsInit;
    ours.calls[INIT] = C_SignInit;
    ours.calls[SIGN] = C_Sign;
    *found = &ours;
    return 0;
}
