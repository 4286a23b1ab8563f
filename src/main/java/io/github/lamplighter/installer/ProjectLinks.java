package io.github.lamplighter.installer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pages of a project, as its installed package names them. Lamplighter shows them as links and never fetches them.
public record ProjectLinks(Optional<URI> releaseNotes, Optional<URI> repository, Optional<URI> homepage) {

    public static final ProjectLinks NONE = new ProjectLinks(Optional.empty(), Optional.empty(), Optional.empty());

    /// Git hosts with a page of releases at a known address.
    private static final Pattern FORGE =
            Pattern.compile("https://(?<host>github\\.com|gitlab\\.com|codeberg\\.org)/(?<path>[\\w.-]+/[\\w.-]+?)"
                    + "(?:\\.git)?(?:/(?:(?:-/)?tree/.*)?)?");

    /// npm writes `git+https://…`, `git://…`, `github:owner/name` and `owner/name`.
    private static final Pattern SHORT = Pattern.compile("(?:github:)?([\\w.-]+/[\\w.-]+)");

    private static final Pattern GIT = Pattern.compile("(?:git\\+)?(?:https|git|ssh)://(?:git@)?([^/].*)");

    private static final Set<String> RELEASE_NOTES =
            Set.of("changelog", "changes", "history", "releasenotes", "whatsnew", "news", "releases");

    private static final Set<String> REPOSITORY =
            Set.of("repository", "source", "sourcecode", "code", "github", "gitlab", "codeberg");

    private static final Set<String> HOMEPAGE = Set.of("homepage", "home");

    /// @param urls by their labels, in the order of the metadata ("Well-known Project URLs in Metadata")
    public static ProjectLinks python(Map<String, String> urls) {
        return new ProjectLinks(
                first(urls, RELEASE_NOTES),
                first(urls, REPOSITORY)
                        .or(() -> first(urls, HOMEPAGE)
                                .filter(page -> releases(page).isPresent())),
                first(urls, HOMEPAGE));
    }

    /// @param repository the URL of `package.json`, in any form of npm
    public static ProjectLinks npm(String repository, String homepage) {
        Matcher shortened = SHORT.matcher(repository);
        Matcher git = GIT.matcher(repository);
        Optional<URI> source = shortened.matches()
                ? web("https://github.com/" + shortened.group(1))
                : git.matches() ? web("https://" + git.group(1)) : web(repository);
        return new ProjectLinks(Optional.empty(), source, web(homepage));
    }

    private static Optional<URI> first(Map<String, String> urls, Set<String> labels) {
        return urls.entrySet().stream()
                .filter(entry ->
                        labels.contains(entry.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "")))
                .flatMap(entry -> web(entry.getValue()).stream())
                .findFirst();
    }

    /// Where releases are described: the release notes, else the releases of the repository.
    public Optional<URI> releasePage() {
        return releaseNotes.or(() -> repository.flatMap(ProjectLinks::releases));
    }

    private static Optional<URI> releases(URI repository) {
        Matcher forge = FORGE.matcher(repository.toString());
        return forge.matches()
                ? web("https://%s/%s%s"
                        .formatted(
                                forge.group("host"),
                                forge.group("path"),
                                forge.group("host").equals("gitlab.com") ? "/-/releases" : "/releases"))
                : Optional.empty();
    }

    /// An address that a browser may open.
    private static Optional<URI> web(String text) {
        try {
            URI uri = new URI(text.strip());
            boolean isWeb = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return Optional.of(uri).filter(_ -> isWeb && uri.getHost() != null && uri.getUserInfo() == null);
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
