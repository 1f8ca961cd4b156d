package judges;

import java.io.File;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/** Judges whether files are PDF/A (or PDF/UA), by veraPDF's own parser and rules. */
public final class VeraPdf extends Judge {

    /** For a file that claims nothing: the missing claim is then one of the failed rules. veraPDF itself would throw. */
    private static final PDFAFlavour UNCLAIMED = PDFAFlavour.PDFA_2_B;

    private PDFAFlavour flavour = PDFAFlavour.NO_FLAVOUR;

    public static void main(String[] args) {
        new VeraPdf().runAndExit(args);
    }

    @Override
    String usage() {
        return "usage: VeraPdf [--flavour 1b|2b|2u|3b|3u|4|ua1|…] [--timeout SECONDS] FILE... | -";
    }

    @Override
    boolean option(String name, Deque<String> rest) {
        if (!name.equals("--flavour")) return false;
        String id = value(name, rest);
        flavour = PDFAFlavour.byFlavourId(id);
        if (flavour == PDFAFlavour.NO_FLAVOUR) throw new IllegalArgumentException("unknown flavour " + id);
        return true;
    }

    @Override
    void prepare() {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
    }

    @Override
    Map<String, Object> blank() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("compliant", false);
        answer.put("profile", null);
        answer.put("failed_rules", List.of());
        return answer;
    }

    @Override
    boolean good(Map<String, Object> verdict) {
        return Boolean.TRUE.equals(verdict.get("compliant"));
    }

    @Override
    Map<String, Object> verdict(File file) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour, UNCLAIMED);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(parser.getFlavour(), false)) {
            ValidationResult result = validator.validate(parser);
            return Map.of(
                    "compliant", result.isCompliant(),
                    "profile", profile(result.getPDFAFlavour().getId()),
                    "failed_rules", failedRules(result));
        }
    }

    private static String profile(String id) {
        return id.startsWith("ua") ? "PDF/UA-" + id.substring(2) : "PDF/A-" + id.toUpperCase(Locale.ROOT);
    }

    private static List<Map<String, Object>> failedRules(ValidationResult result) {
        Map<RuleId, String> places = new HashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            places.putIfAbsent(assertion.getRuleId(), assertion.getLocation().getContext());
        }
        List<Map<String, Object>> rules = new ArrayList<>();
        result.getFailedChecks().forEach((rule, count) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("clause", rule.getClause());
            row.put("test", rule.getTestNumber());
            row.put("description", result.getValidationProfile().getRuleByRuleId(rule).getDescription());
            row.put("count", count);
            row.put("first", places.get(rule));
            rules.add(row);
        });
        return rules;
    }
}
