package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.platform.linux.RenameSwap;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.StopImpactAssessor;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.upgrade.PlanUpgrade.UpgradeOptions;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UpgradeTransactionTest {

    private static final UpgradeOptions NEWEST = new UpgradeOptions(Optional.empty(), false, false);
    private static final DirectorySwap AT_ONCE = new RenameSwap();
    private static final StopImpactAssessor.StopImpact TMUX =
            new StopImpactAssessor.StopImpact(Set.of(977L), 1, "Another program would also stop: tmux (pid 977).");
    private static final DirectorySwap WITH_GAP = new DirectorySwap.Renames();

    @TempDir
    private Path folder;

    @Test
    void theNewVersionRunsAndTheOldOneIsKept() throws IOException {
        World world = world("w", true, true);
        UpgradeOutcome outcome = upgrade(world, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.UPGRADED);
        assertThat(outcome.downtimeMillis()).isPositive();
        assertThat(outcome.dataMayHaveChanged()).isFalse();
        assertThat(world.whole()).isEqualTo("1.1.0");
        assertThat(world.unitFile).isEqualTo("version 1.1.0\n");
        settled(world, true);
        assertThat(new UpgradeTool(world.means(AT_ONCE)).kept(world.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.0.0"));
        assertThat(upgrade(world, AT_ONCE).result()).isEqualTo(Result.CURRENT);
        assertThat(new ActivityLog(world.directories).all())
                .singleElement()
                .satisfies(change -> assertThat(change.back()).isEqualTo("lamplighter rollback x --to 1.0.0"));
    }

    @Test
    void aVersionThatDoesNotServeGoesBackWithItsDataAndIsSkippedUntilANewerOne() throws IOException {
        World world = world("w", true, true);
        world.newestServes = false;
        UpgradeOutcome outcome = upgrade(world, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("It ended at once.");
        assertThat(world.whole()).isEqualTo("1.0.0");
        assertThat(world.data.resolve("file")).hasContent("written by 1.0.0");
        assertThat(world.unitFile).isEqualTo("version 1.0.0\n");
        settled(world, true);

        assertThat(upgrade(world, AT_ONCE))
                .satisfies(again -> assertThat(again.result()).isEqualTo(Result.CURRENT))
                .satisfies(again -> assertThat(again.reason().orElseThrow()).contains("--to 1.1.0"));
        world.newestServes = true;
        assertThat(new UpgradeTool(world.means(AT_ONCE))
                        .upgrade(
                                world.manifest,
                                new UpgradeOptions(Optional.of("1.1.0"), false, false),
                                "to",
                                Optional.empty(),
                                new CancellationToken())
                        .result())
                .isEqualTo(Result.UPGRADED);
    }

    @Test
    void aVersionThatIsTooYoungToBeOfferedIsThereForWhoAsksButNotForAll() throws IOException {
        World world = world("w", true, true);
        world.young = Optional.of(new Verdict.SkippedRelease(
                "1.1.0",
                Verdict.Reason.TOO_YOUNG,
                "1.1.0 is out since 3 h; it is offered after 24 h",
                new Evidence("the index", "published today")));
        PlanUpgrade plans = new PlanUpgrade(world.means(AT_ONCE));
        assertThat(plans.plan(world.manifest, new UpgradeOptions(Optional.empty(), false, true), "all"))
                .isInstanceOfSatisfying(
                        PlanResult.Current.class,
                        current -> assertThat(current.toString()).contains("1.1.0 is out since 3 h"));
        assertThat(upgrade(world, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
        assertThat(world.whole()).isEqualTo("1.1.0");
    }

    @Test
    void aSourceThatTakesTooLongSaysHowToWaitLonger() throws IOException {
        World world = world("w", true, true);
        world.silent = Optional.of(new Verdict.NotCheckable(
                Verdict.UncheckableReason.TOO_SLOW,
                "x.example did not answer in 5 s.",
                Optional.of("lamplighter settings set network.limit 10s")));
        assertThat(new PlanUpgrade(world.means(AT_ONCE)).plan(world.manifest, NEWEST, "slow"))
                .isEqualTo(new PlanResult.Refused(
                        "1.0.0",
                        "x.example did not answer in 5 s. Give it more time: `lamplighter settings set"
                                + " network.limit 10s`."));
    }

    @Test
    void undeclaredDataAreSaidToMayHaveChanged() throws IOException {
        World world = world("w", true, false);
        world.newestServes = false;
        assertThat(upgrade(world, AT_ONCE).dataMayHaveChanged()).isTrue();
    }

    @Test
    void whatWouldEndWithItsServiceIsPartOfWhatIsAgreedTo() throws IOException {
        World world = world("w", true, true);
        PlanUpgrade plans = new PlanUpgrade(world.means(AT_ONCE));
        String unharmed = hash(plans, world, "late");
        world.harm = _ -> TMUX;
        String agreed = hash(plans, world, "agreed");
        UpgradeTool tool = new UpgradeTool(world.means(AT_ONCE));

        // It was not there when the plan was shown.
        assertThat(tool.upgrade(world.manifest, NEWEST, "late", Optional.of(unharmed), new CancellationToken())
                        .reason()
                        .orElseThrow())
                .contains("Something changed since you confirmed.");

        // It came between the plan and the stop, under the worker's hands.
        world.harm = beforeTheStop -> beforeTheStop ? StopImpactAssessor.StopImpact.NONE : TMUX;
        UpgradeOutcome late =
                tool.upgrade(world.manifest, NEWEST, "late", Optional.of(unharmed), new CancellationToken());
        assertThat(late.result()).isEqualTo(Result.NEEDS_CONSENT);
        assertThat(late.reason()).contains(TMUX.sentence());
        assertThat(late.downtimeMillis()).isZero();
        assertThat(world.whole()).isEqualTo("1.0.0");
        settled(world, true);

        // What went away by itself asks for nothing, and what was agreed to is done.
        world.harm = beforeTheStop -> beforeTheStop ? TMUX : StopImpactAssessor.StopImpact.NONE;
        assertThat(tool.upgrade(world.manifest, NEWEST, "agreed", Optional.of(agreed), new CancellationToken())
                        .result())
                .isEqualTo(Result.UPGRADED);

        // The way back stops it too.
        world.harm = _ -> TMUX;
        assertThat(tool.rollBack(
                                world.manifest,
                                tool.kept(world.manifest).getFirst(),
                                "back",
                                Optional.of(new UpgradeImpact(List.of(), StopImpactAssessor.StopImpact.NONE).hash()),
                                new CancellationToken())
                        .result())
                .isEqualTo(Result.NEEDS_CONSENT);
        assertThat(world.whole()).isEqualTo("1.1.0");
    }

    private static String hash(PlanUpgrade plans, World world, String id) {
        return plans.plan(world.manifest, NEWEST, id) instanceof PlanResult.Ready(UpgradePlan plan)
                ? plan.hash()
                : "no plan";
    }

    @Test
    void whatDoesNotInstallTouchesNothing() throws IOException {
        World world = world("w", true, true);
        world.installs = false;
        UpgradeOutcome outcome = upgrade(world, AT_ONCE);

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason().orElseThrow()).contains("no such version");
        assertThat(outcome.downtimeMillis()).isZero();
        assertThat(world.whole()).isEqualTo("1.0.0");
        settled(world, true);
    }

    @Test
    void asManyVersionsAreKeptAsTheUserWants() throws IOException {
        World world = world("w", true, true);
        for (int kept : List.of(2, 1)) {
            world.kept = kept;
            for (int minor = 1; minor <= 3; minor++) {
                world.newest = "%d.%d.0".formatted(4 - kept, minor);
                assertThat(upgrade(world, AT_ONCE).result()).isEqualTo(Result.UPGRADED);
            }
            assertThat(new UpgradeTool(world.means(AT_ONCE)).kept(world.manifest))
                    .hasSize(kept)
                    .first()
                    .satisfies(snapshot -> assertThat(snapshot.version()).isEqualTo("%d.2.0".formatted(4 - kept)));
        }
    }

    @Test
    void theUserCanGoBackLaterAndForwardAgain() throws IOException {
        World world = world("w", true, true);
        upgrade(world, AT_ONCE);
        UpgradeTool tool = new UpgradeTool(world.means(AT_ONCE));
        UpgradeOutcome back = tool.rollBack(
                world.manifest,
                tool.kept(world.manifest).getFirst(),
                "back",
                Optional.empty(),
                new CancellationToken());

        assertThat(back.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(world.whole()).isEqualTo("1.0.0");
        assertThat(world.unitFile).isEqualTo("version 1.0.0\n");
        settled(world, true);
        assertThat(tool.kept(world.manifest))
                .singleElement()
                .satisfies(kept -> assertThat(kept.version()).isEqualTo("1.1.0"));
        tool.rollBack(
                world.manifest,
                tool.kept(world.manifest).getFirst(),
                "forth",
                Optional.empty(),
                new CancellationToken());
        assertThat(world.whole()).isEqualTo("1.1.0");
    }

    @Test
    void cancelledBeforeItBeganNothingIsTouched() throws IOException {
        World world = world("w", true, true);
        CancellationToken cancellationToken = new CancellationToken();
        cancellationToken.request();
        UpgradeOutcome outcome = new UpgradeTool(world.means(AT_ONCE))
                .upgrade(world.manifest, NEWEST, "t", Optional.empty(), cancellationToken);
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.reason().orElseThrow()).isEqualTo("Cancelled.");
        settled(world, true);
    }

    @Test
    void cancelledWhileTheNewVersionStartsTheOldOneComesBack() throws IOException {
        World world = world("w", true, true);
        CancellationToken cancellationToken = new CancellationToken();
        world.whileStarting = cancellationToken::request;
        UpgradeOutcome outcome = new UpgradeTool(world.means(AT_ONCE))
                .upgrade(world.manifest, NEWEST, "t", Optional.empty(), cancellationToken);
        assertThat(outcome.result()).isEqualTo(Result.ROLLED_BACK);
        assertThat(outcome.reason()).contains("Cancelled.");
        assertThat(world.whole()).isEqualTo("1.0.0");
        assertThat(world.data.resolve("file")).hasContent("written by 1.0.0");
        settled(world, true);
    }

    static Stream<Arguments> machines() {
        return Stream.of(
                Arguments.of("runs", AT_ONCE, true, true),
                Arguments.of("does not serve", AT_ONCE, true, false),
                Arguments.of("runs, two renames", WITH_GAP, true, true),
                Arguments.of("does not serve, two renames", WITH_GAP, true, false),
                Arguments.of("does not run", AT_ONCE, false, true));
    }

    /// The promise: killed anywhere, an upgrade ends in the old version or the new one, running if it ran
    /// before.
    @ParameterizedTest(name = "{0}")
    @MethodSource("machines")
    void killedAnywhereItEndsWhole(String name, DirectorySwap directorySwap, boolean runs, boolean serves)
            throws IOException {
        int points = points(directorySwap, runs, serves);
        assertThat(points).isGreaterThan(100);
        for (int point = 1; point <= points; point++) {
            World world = world(name + point, runs, true);
            world.newestServes = serves;
            assertThat(killedAt(world, directorySwap, point))
                    .as("point %d", point)
                    .isTrue();
            if (directorySwap == AT_ONCE) {
                assertThat(world.whole()).as("before recovery, point %d", point).isIn("1.0.0", "1.1.0");
            }
            recover(world, directorySwap);
            ends(world, runs, point);
            DirectoryTrees.drop(world.home);
        }
    }

    /// The recovery may itself be killed.
    @Test
    void killedAgainWhileRecoveringItEndsWhole() throws IOException {
        int points = points(WITH_GAP, true, false);
        for (int point = points / 2; point <= points; point += 7) {
            for (int second = 1; ; second += 3) {
                World world = world("r" + point + "-" + second, true, true);
                world.newestServes = false;
                killedAt(world, WITH_GAP, point);
                world.killAt(second);
                boolean killed = false;
                try {
                    recover(world, WITH_GAP);
                } catch (World.Killed e) {
                    killed = true;
                }
                world.killAt(-1);
                recover(world, WITH_GAP);
                ends(world, true, point);
                DirectoryTrees.drop(world.home);
                if (!killed) {
                    break;
                }
            }
        }
    }

    private int points(DirectorySwap directorySwap, boolean runs, boolean serves) throws IOException {
        World world = world("count", runs, true);
        world.newestServes = serves;
        world.killAt(-1);
        upgrade(world, directorySwap);
        int calls = world.calls();
        DirectoryTrees.drop(world.home);
        return calls;
    }

    private static boolean killedAt(World world, DirectorySwap directorySwap, int point) {
        world.killAt(point);
        try {
            upgrade(world, directorySwap);
            return false;
        } catch (World.Killed e) {
            return true;
        } finally {
            world.killAt(-1);
        }
    }

    private static void ends(World world, boolean runs, int point) throws IOException {
        String version = world.whole();
        assertThat(version).as("point %d", point).isIn("1.0.0", "1.1.0");
        assertThat(world.unitFile).as("point %d", point).isEqualTo("version " + version + "\n");
        if (runs) {
            assertThat(world.data.resolve("file")).as("point %d", point).hasContent("written by " + version);
        }
        settled(world, runs);
        assertThat(recover(world, AT_ONCE)).as("point %d", point).isEmpty();
    }

    private static void settled(World world, boolean runs) throws IOException {
        assertThat(world.running).isEqualTo(runs);
        assertThat(world.armed).isFalse();
        assertThat(world.journals.open()).isEmpty();
        Path stages = world.home.resolve("tools/.lamplighter/x/stages");
        if (Files.exists(stages)) {
            try (Stream<Path> left = Files.list(stages)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static UpgradeOutcome upgrade(World world, DirectorySwap directorySwap) {
        UpgradeContext context = world.means(directorySwap);
        return new UpgradeTool(context)
                .upgrade(
                        world.manifest,
                        NEWEST,
                        new PlanUpgrade(context).newId(),
                        Optional.empty(),
                        new CancellationToken());
    }

    private static List<UpgradeOutcome> recover(World world, DirectorySwap directorySwap) {
        return new RecoverUpgrades(world.means(directorySwap), _ -> Optional.of(world.manifest)).recover(false);
    }

    private World world(String name, boolean running, boolean declaresData) throws IOException {
        return new World(
                Files.createDirectories(folder.resolve(name.replaceAll("[^a-z0-9-]", "_"))), running, declaresData);
    }
}
