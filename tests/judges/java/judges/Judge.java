package judges;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A judge of files on the command line: one JSON line per file, in the order given, flushed at once.
 *
 * <p>{@code -} reads paths from standard input, one a line, so that one JVM serves a whole test run; a tabulator and a time may
 * follow a path, to be judged as of then. A file that cannot be judged has {@code error} set and the next one is judged all the
 * same. Exit: 0 all good, 1 some not, 2 usage.
 */
abstract class Judge {

    /** Deeply nested hostile objects end in a verdict rather than in an overflow; untouched stack costs nothing. */
    private static final long STACK_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private long timeoutSeconds = 120;
    private boolean allGood = true;

    Judge() {
        out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what a library prints must not stand among the JSON lines
    }

    /** Takes one option; its value, if it has one, is polled from {@code rest}. False: there is no such option. */
    abstract boolean option(String name, Deque<String> rest) throws Exception;

    /** Called once, after the options. */
    abstract void prepare() throws Exception;

    /** The members of the verdict that no file has yet; {@code error} is added by this class. */
    abstract Map<String, Object> blank();

    /** Reaches a verdict, or throws anything at all when there is none. */
    abstract Map<String, Object> verdict(File file) throws Exception;

    /** Called before each verdict with the time that the line names; null where it names none. */
    void asOf(String time) {
    }

    abstract boolean good(Map<String, Object> verdict);

    abstract String usage();

    /** Ends the JVM: the thread of a file that took too long may still be running. */
    final void runAndExit(String[] args) {
        int status;
        try {
            status = run(new ArrayDeque<>(List.of(args)));
        } catch (Exception e) {
            System.err.println(e.getMessage() + "\n" + usage());
            status = 2;
        }
        out.flush();
        System.exit(status);
    }

    private int run(Deque<String> args) throws Exception {
        List<String> files = new ArrayList<>();
        while (!args.isEmpty()) {
            String word = args.poll();
            if (word.equals("--timeout")) timeoutSeconds = Long.parseLong(value(word, args));
            else if (!word.startsWith("--")) files.add(word);
            else if (!option(word, args)) throw new IllegalArgumentException("unknown option " + word);
        }
        if (files.isEmpty()) throw new IllegalArgumentException("no file given");
        prepare();
        for (String file : files) {
            if (file.equals("-")) judgeStandardInput();
            else judge(file);
        }
        return allGood ? 0 : 1;
    }

    static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) throw new IllegalArgumentException(option + " needs a value");
        return rest.poll();
    }

    private void judgeStandardInput() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) judge(line);
        }
    }

    /** A thread for each file: veraPDF keeps its state in thread-locals, and a hanging file must not stop the others. */
    private void judge(String line) throws IOException {
        String[] asked = line.split("\t", 2);
        String file = asked[0];
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file);
        answer.putAll(blank());
        answer.put("error", null);
        FutureTask<Map<String, Object>> task = new FutureTask<>(() -> {
            asOf(asked.length > 1 ? asked[1] : null);
            return verdict(existing(file));
        });
        Thread thread = new Thread(null, task, "judge", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            answer.putAll(task.get(timeoutSeconds, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            answer.put("error", causes(e.getCause())); // errors too: StackOverflowError, OutOfMemoryError
        } catch (TimeoutException e) {
            answer.put("error", "no verdict within " + timeoutSeconds + " s");
        } catch (InterruptedException e) {
            answer.put("error", "interrupted");
        }
        allGood &= answer.get("error") == null && good(answer);
        out.println(JSON.writeValueAsString(answer));
    }

    private static File existing(String path) throws FileNotFoundException {
        File file = new File(path);
        if (!file.isFile()) throw new FileNotFoundException("not a file");
        return file;
    }

    private static String causes(Throwable error) {
        List<String> parts = new ArrayList<>();
        for (Throwable t = error; t != null && parts.size() < 5; t = t.getCause()) {
            parts.add(t.getMessage() == null ? t.getClass().getSimpleName() : t.getClass().getSimpleName() + " " + t.getMessage());
        }
        return String.join(": ", parts);
    }
}
