package io.github.lamplighter.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every check of the doctor, in the order in which every face shows them. Ids are a contract.
final class CheckCatalog {

    private static final Duration SHORT = Duration.ofSeconds(12);
    private static final Duration NETWORK = Duration.ofSeconds(25);

    /// A source is waited for as long as the user set (`network.limit`, at most two minutes); this only ends what
    /// hangs.
    static final Duration SOURCE = Duration.ofSeconds(130);

    static final String BEING_UPGRADED = "being-upgraded";

    static final String UPDATE = "update";

    /// What follows from the verdict of a tool's source, and from nothing else.
    static final Set<String> OF_THE_SOURCE = Set.of(UPDATE, "held", "why-not-newer");

    private CheckCatalog() {}

    /// One check and its place.
    ///
    /// @param dependsOn a check whose trouble explains this one's: then this one says nothing
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

        /// Whether a transaction stops, changes and starts what it asks about.
        boolean isOfTheService() {
            return !id.equals("unfinished-upgrade")
                    && !id.equals(BEING_UPGRADED)
                    && (group == Group.RUNNING || group == Group.AT_LOGIN || id.equals("running-version"));
        }

        /// Whether it says what follows from the verdict of its source, and nothing else.
        boolean isOfTheSource() {
            return OF_THE_SOURCE.contains(id);
        }

        /// The page of the manual.
        String page() {
            return "checks/" + family(id);
        }
    }

    private static final List<CheckDefinition> FIXED = List.of(
            // group, id                                depends on       check
            local(Group.RUNNING, "unfinished-upgrade", "", RunningChecks::unfinished),
            local(Group.RUNNING, BEING_UPGRADED, "", RunningChecks::beingUpgraded),
            local(Group.RUNNING, "stopped-by-you", "", RunningChecks::stoppedByYou),
            gate(Group.RUNNING, "process", "platform", RunningChecks::process),
            gate(Group.RUNNING, "answering", "process", RunningChecks::answering),
            gate(Group.RUNNING, "is-this-copy", "", RunningChecks::isThisCopy),
            local(Group.RUNNING, "port", "is-this-copy", RunningChecks::port),
            local(Group.RUNNING, "unstable", "", RunningChecks::unstable),
            local(Group.RUNNING, "sessions", "process", RunningChecks::sessions),
            local(Group.RUNNING, "elsewhere", "", RunningChecks::elsewhere),
            gate(Group.VERSION, "launcher", "installed-version", VersionChecks::launcher),
            gate(Group.VERSION, "installed-version", "", VersionChecks::installedVersion),
            gate(Group.VERSION, "parts", "installed-version", VersionChecks::parts),
            gate(Group.VERSION, "running-version", "answering", VersionChecks::runningVersion),
            source(UPDATE, VersionChecks::update),
            local(Group.VERSION, "source", "installed-version", VersionChecks::source),
            source("held", VersionChecks::held),
            source("why-not-newer", VersionChecks::whyNotNewer),
            gate(Group.NEEDS, "runtime", "installed-version", RequirementChecks::runtime),
            gate(Group.NEEDS, "program", "", _ -> Optional.empty()),
            gate(Group.NEEDS, "service-path", "", RequirementChecks::servicePath),
            local(Group.NEEDS, "service-folders", "", SearchPathCheck::ask),
            gate(Group.AT_LOGIN, "service-file", "launcher", LoginChecks::serviceFile),
            local(Group.AT_LOGIN, "service-duplicate", "", DuplicateServiceCheck::ask),
            local(Group.AT_LOGIN, "at-login", "", LoginChecks::atLogin),
            local(Group.AT_LOGIN, "log-out", "", LoginChecks::logOut),
            local(Group.AT_LOGIN, "platform", "", LoginChecks::platform),
            local(Group.SETTINGS_AND_ACCESS, "settings", "", AccessChecks::settings),
            local(Group.SETTINGS_AND_ACCESS, "address", "", AccessChecks::address),
            local(Group.SETTINGS_AND_ACCESS, "certificate", "", CertificateCheck::ask),
            local(Group.SETTINGS_AND_ACCESS, "sign-in", "", AccessChecks::signIn),
            local(Group.SETTINGS_AND_ACCESS, "environment-file", "", AccessChecks::environmentFile),
            network(Group.OWN_DOCTOR, "own-doctor", "", ToolDoctorCheck::ask));

    private static final List<String> IDS =
            FIXED.stream().map(CheckDefinition::id).toList();

    /// The catalogue for one tool: `program` stands for one check a required program, `program-NAME`.
    static List<CheckDefinition> of(DiagnosisContext context) {
        List<CheckDefinition> entries = new ArrayList<>();
        for (CheckDefinition checkDefinition : FIXED) {
            if (!checkDefinition.id().equals("program")) {
                // Where there is none, leaving it out costs nothing that would have to be said.
                if (!checkDefinition.id().equals("own-doctor")
                        || context.manifest().doctor().isPresent()) {
                    entries.add(checkDefinition);
                }
                continue;
            }
            context.manifest()
                    .requires()
                    .programs()
                    .forEach(program -> entries.add(new CheckDefinition(
                            "program-" + program.name(),
                            checkDefinition.group(),
                            checkDefinition.dependsOn(),
                            checkDefinition.isGate(),
                            checkDefinition.needsNetwork(),
                            checkDefinition.limit(),
                            RequirementChecks.program(program))));
        }
        return entries;
    }

    /// The entry of an id, with `program-tmux` found as `program`.
    static Optional<CheckDefinition> find(String id) {
        return FIXED.stream()
                .filter(checkDefinition -> checkDefinition.id().equals(family(id)))
                .findFirst();
    }

    static List<String> ids() {
        return IDS;
    }

    /// Which of two findings stands first, for reports that were put together from several runs.
    static int inOrder(Finding one, Finding other) {
        return Integer.compare(position(one.id()), position(other.id()));
    }

    static int position(String id) {
        int place = IDS.indexOf(family(id));
        return place < 0 ? IDS.size() : place;
    }

    static String family(String id) {
        if (id.startsWith("program-")) {
            return "program";
        }
        return id.startsWith(ToolDoctorCheck.PREFIX) ? "own-doctor" : id;
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
        return new CheckDefinition(id, Group.VERSION, dependency("installed-version"), false, true, SOURCE, check);
    }

    private static Optional<String> dependency(String id) {
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }
}
