package io.github.lamplighter.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every check of the doctor, in the order of every report.
final class CheckCatalog {

    private static final Duration SHORT = Duration.ofSeconds(12);
    private static final Duration NETWORK = Duration.ofSeconds(25);

    /// Ends a check that hangs. The limit for a source itself is the user's `network.limit`, at most two
    /// minutes.
    static final Duration SOURCE = Duration.ofSeconds(130);

    /// The checks that depend on nothing but the verdict of a tool's source.
    static final Set<String> OF_THE_SOURCE = Set.of(CheckId.UPDATE, CheckId.PINNED, CheckId.WHY_NOT_NEWER);

    private CheckCatalog() {}

    /// A check with its group, its dependency and its limits.
    ///
    /// @param dependsOn a check whose problem explains this one's, which is then left out
    /// @param isGate whether its new failure undoes an upgrade
    /// @param needsNetwork whether it is left out offline
    record CheckDefinition(
            String id,
            Group group,
            Optional<String> dependsOn,
            boolean isGate,
            boolean needsNetwork,
            Duration limit,
            Check check) {

        /// Whether an upgrade stops, changes and starts what it examines.
        boolean isOfTheService() {
            return !id.equals(CheckId.UNFINISHED_UPGRADE)
                    && !id.equals(CheckId.BEING_UPGRADED)
                    && (group == Group.RUNNING || group == Group.AT_LOGIN || id.equals(CheckId.RUNNING_VERSION));
        }

        /// Whether it waits until an upgrade is over. A version that is installed but not yet checked may be rolled
        /// back, so no update is offered meanwhile either.
        boolean isPausedByUpgrade() {
            return isOfTheService() || isOfTheSource();
        }

        /// Whether it depends on nothing but the verdict of the source.
        boolean isOfTheSource() {
            return OF_THE_SOURCE.contains(id);
        }

        /// The page of the manual.
        String page() {
            return "checks/" + CheckId.family(id);
        }
    }

    private static final List<CheckDefinition> FIXED = List.of(
            local(Group.RUNNING, CheckId.UNFINISHED_UPGRADE, "", ProcessChecks::unfinished),
            local(Group.RUNNING, CheckId.BEING_UPGRADED, "", ProcessChecks::beingUpgraded),
            local(Group.RUNNING, CheckId.STOPPED_BY_YOU, "", ProcessChecks::stoppedByYou),
            gate(Group.RUNNING, CheckId.PROCESS, CheckId.PLATFORM, ProcessChecks::process),
            gate(Group.RUNNING, CheckId.ANSWERING, CheckId.PROCESS, EndpointChecks::answering),
            gate(Group.RUNNING, CheckId.IDENTITY, "", EndpointChecks::isThisCopy),
            local(Group.RUNNING, CheckId.PORT, CheckId.IDENTITY, EndpointChecks::port),
            local(Group.RUNNING, CheckId.UNSTABLE, "", ProcessChecks::unstable),
            local(Group.RUNNING, CheckId.SESSIONS, CheckId.PROCESS, ProcessChecks::sessions),
            local(Group.RUNNING, CheckId.OUTSIDE_SERVICE, "", ProcessChecks::elsewhere),
            gate(Group.VERSION, CheckId.LAUNCHER, CheckId.INSTALLED_VERSION, VersionChecks::launcher),
            gate(Group.VERSION, CheckId.INSTALLED_VERSION, "", VersionChecks::installedVersion),
            gate(Group.VERSION, CheckId.MISSING_FILES, CheckId.INSTALLED_VERSION, VersionChecks::parts),
            gate(Group.VERSION, CheckId.RUNNING_VERSION, CheckId.ANSWERING, VersionChecks::runningVersion),
            source(CheckId.UPDATE, UpdateChecks::update),
            local(Group.VERSION, CheckId.SOURCE, CheckId.INSTALLED_VERSION, UpdateChecks::source),
            source(CheckId.PINNED, UpdateChecks::held),
            source(CheckId.WHY_NOT_NEWER, UpdateChecks::whyNotNewer),
            gate(Group.NEEDS, CheckId.RUNTIME, CheckId.INSTALLED_VERSION, RequirementChecks::runtime),
            gate(Group.NEEDS, CheckId.PROGRAM, "", _ -> Optional.empty()),
            gate(Group.NEEDS, CheckId.SERVICE_PATH, "", RequirementChecks::servicePath),
            local(Group.NEEDS, CheckId.SERVICE_FOLDERS, "", SearchPathCheck::ask),
            gate(Group.AT_LOGIN, CheckId.SERVICE_FILE, CheckId.LAUNCHER, StartupChecks::serviceFile),
            local(Group.AT_LOGIN, CheckId.SERVICE_DUPLICATE, "", DuplicateServiceCheck::ask),
            local(Group.AT_LOGIN, CheckId.AT_LOGIN, "", StartupChecks::atLogin),
            local(Group.AT_LOGIN, CheckId.LOG_OUT, "", StartupChecks::logOut),
            local(Group.AT_LOGIN, CheckId.PLATFORM, "", StartupChecks::platform),
            local(Group.SETTINGS_AND_ACCESS, CheckId.SETTINGS, "", ConfigurationChecks::settings),
            local(Group.SETTINGS_AND_ACCESS, CheckId.ADDRESS, "", ConfigurationChecks::address),
            local(Group.SETTINGS_AND_ACCESS, CheckId.CERTIFICATE, "", CertificateCheck::ask),
            local(Group.SETTINGS_AND_ACCESS, CheckId.SIGN_IN, "", ConfigurationChecks::signIn),
            local(Group.SETTINGS_AND_ACCESS, CheckId.ENVIRONMENT_FILE, "", ConfigurationChecks::environmentFile),
            local(Group.SETTINGS_AND_ACCESS, CheckId.DATA, "", ConfigurationChecks::data),
            local(Group.SETTINGS_AND_ACCESS, CheckId.TRAY_ICON, "", TrayPanelCheck::ask),
            network(Group.OWN_DOCTOR, CheckId.OWN_DOCTOR, "", ToolDoctorCheck::ask));

    private static final List<String> IDS =
            FIXED.stream().map(CheckDefinition::id).toList();

    /// The catalog for one tool, with one check `program-NAME` for each required program.
    static List<CheckDefinition> of(DiagnosisContext context) {
        List<CheckDefinition> entries = new ArrayList<>();
        for (CheckDefinition checkDefinition : FIXED) {
            if (!checkDefinition.id().equals(CheckId.PROGRAM)) {
                // Not listed as skipped if the tool has no doctor.
                if (!checkDefinition.id().equals(CheckId.OWN_DOCTOR)
                        || context.manifest().doctor().isPresent()) {
                    entries.add(checkDefinition);
                }
                continue;
            }
            context.manifest()
                    .requires()
                    .programs()
                    .forEach(program -> entries.add(new CheckDefinition(
                            CheckId.program(program.name()),
                            checkDefinition.group(),
                            checkDefinition.dependsOn(),
                            checkDefinition.isGate(),
                            checkDefinition.needsNetwork(),
                            checkDefinition.limit(),
                            RequirementChecks.program(program))));
        }
        return entries;
    }

    /// The definition of an id; `program-tmux` has the one of `program`.
    static Optional<CheckDefinition> find(String id) {
        return FIXED.stream()
                .filter(checkDefinition -> checkDefinition.id().equals(CheckId.family(id)))
                .findFirst();
    }

    static List<String> ids() {
        return IDS;
    }

    /// Compares two findings by their place in the catalog, for reports merged from several runs.
    static int inOrder(Finding one, Finding other) {
        return Integer.compare(position(one.id()), position(other.id()));
    }

    static int position(String id) {
        int place = IDS.indexOf(CheckId.family(id));
        return place < 0 ? IDS.size() : place;
    }

    private static CheckDefinition local(Group group, String id, String dependsOn, Check check) {
        return new CheckDefinition(id, group, dependency(dependsOn), false, false, SHORT, check);
    }

    private static CheckDefinition gate(Group group, String id, String dependsOn, Check check) {
        return new CheckDefinition(id, group, dependency(dependsOn), true, false, SHORT, check);
    }

    private static CheckDefinition network(Group group, String id, String dependsOn, Check check) {
        return new CheckDefinition(id, group, dependency(dependsOn), false, true, NETWORK, check);
    }

    private static CheckDefinition source(String id, Check check) {
        return new CheckDefinition(
                id, Group.VERSION, dependency(CheckId.INSTALLED_VERSION), false, true, SOURCE, check);
    }

    private static Optional<String> dependency(String id) {
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }
}
