package judges;

import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.spi.client.http.DataLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Fetches revocation data and certificates by plain HTTP from this machine alone; follows no redirect. */
final class LoopbackLoader implements DataLoader {

    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private String contentType;

    LoopbackLoader(String contentType) {
        this.contentType = contentType;
    }

    @Override
    public byte[] get(String url) {
        return answer(request(url).GET().build());
    }

    @Override
    public DataAndUrl get(List<String> urls) {
        DSSException last = new DSSException("no address given");
        for (String url : urls) {
            try {
                return new DataAndUrl(url, get(url));
            } catch (DSSException e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public byte[] post(String url, byte[] content) {
        return answer(request(url).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(content)).build());
    }

    @Override
    public void setContentType(String contentType) {
        this.contentType = contentType;
    }

    private static HttpRequest.Builder request(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || !THIS_MACHINE.contains(uri.getHost())) {
            throw new DSSException("not on this machine: " + url);
        }
        return HttpRequest.newBuilder(uri).timeout(PATIENCE);
    }

    private static byte[] answer(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) throw new DSSException("HTTP " + response.statusCode());
            return response.body();
        } catch (IOException e) {
            throw new DSSException("no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DSSException("interrupted");
        }
    }
}
