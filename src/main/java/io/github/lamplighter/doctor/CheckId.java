package io.github.lamplighter.doctor;

/// The id of every check, in the order of [CheckCatalog]. Ids are a contract: reports, `ignore`, `explain` and
/// the manual use them.
public final class CheckId {

    public static final String UNFINISHED_UPGRADE = "unfinished-upgrade";
    public static final String BEING_UPGRADED = "being-upgraded";
    public static final String STOPPED_BY_YOU = "stopped-by-you";
    public static final String PROCESS = "process";
    public static final String ANSWERING = "answering";
    public static final String IDENTITY = "is-this-copy";
    public static final String PORT = "port";
    public static final String UNSTABLE = "unstable";
    public static final String SESSIONS = "sessions";
    public static final String OUTSIDE_SERVICE = "elsewhere";
    public static final String LAUNCHER = "launcher";
    public static final String INSTALLED_VERSION = "installed-version";
    public static final String MISSING_FILES = "parts";
    public static final String RUNNING_VERSION = "running-version";
    public static final String UPDATE = "update";
    public static final String SOURCE = "source";
    public static final String PINNED = "held";
    public static final String WHY_NOT_NEWER = "why-not-newer";
    public static final String RUNTIME = "runtime";
    public static final String PROGRAM = "program";
    public static final String SERVICE_PATH = "service-path";
    public static final String SERVICE_FOLDERS = "service-folders";
    public static final String SERVICE_FILE = "service-file";
    public static final String SERVICE_DUPLICATE = "service-duplicate";
    public static final String AT_LOGIN = "at-login";
    public static final String LOG_OUT = "log-out";
    public static final String PLATFORM = "platform";
    public static final String SETTINGS = "settings";
    public static final String ADDRESS = "address";
    public static final String CERTIFICATE = "certificate";
    public static final String SIGN_IN = "sign-in";
    public static final String ENVIRONMENT_FILE = "environment-file";
    public static final String DATA = "data";
    public static final String TRAY_ICON = "tray-icon";
    public static final String OWN_DOCTOR = "own-doctor";

    /// What the ids of the lines of a tool's own doctor begin with.
    static final String OWN_PREFIX = "own-";

    private static final String PROGRAM_PREFIX = PROGRAM + "-";

    private CheckId() {}

    /// The id of the check of one required program.
    static String program(String name) {
        return PROGRAM_PREFIX + name;
    }

    /// The id in the catalog that a finding's id belongs to: `program` for `program-tmux`, `own-doctor` for
    /// each line of the tool's own doctor.
    public static String family(String id) {
        if (id.startsWith(PROGRAM_PREFIX)) {
            return PROGRAM;
        }
        return id.startsWith(OWN_PREFIX) ? OWN_DOCTOR : id;
    }
}
