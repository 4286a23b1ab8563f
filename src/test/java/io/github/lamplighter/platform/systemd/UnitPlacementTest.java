package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitPlacementTest {

    @TempDir
    Path home;

    private AppDirectories directories;

    @BeforeEach
    void folders() {
        directories = AppDirectories.linux(
                Map.of("XDG_RUNTIME_DIR", home.resolve("run").toString()), home);
    }

    @Test
    void theUsersUnitsAreInTheConfiguration() {
        UnitPlacement placement = UnitPlacement.permanent(directories);
        assertThat(placement.folder()).isEqualTo(home.resolve(".config/systemd/user"));
        assertThat(placement.prefix()).isEqualTo("lamplighter-");
        assertThat(placement.switching(true, "a.service")).containsExactly("enable", "a.service");
        assertThat(placement.enabledState()).isEqualTo("enabled");
        assertThat(placement.endsAtLogout()).isEmpty();
    }

    /// `enable` without `--runtime` would write a link to the user's configuration.
    @Test
    void theDemosUnitsLeaveTheConfigurationAlone() {
        UnitPlacement placement = UnitPlacement.temporary(directories.runtime(), directories);
        assertThat(placement.folder()).isEqualTo(home.resolve("run/systemd/user"));
        assertThat(placement.prefix()).isEqualTo("lamplighter-demo-");
        assertThat(placement.switching(true, "a.service")).containsExactly("enable", "--runtime", "a.service");
        assertThat(placement.switching(false, "a.service")).containsExactly("disable", "--runtime", "a.service");
        assertThat(placement.enabledState()).isEqualTo("enabled-runtime");
        assertThat(placement.endsAtLogout()).isPresent();
    }

    @Test
    void onlyAnEmptyTemporaryFolderIsDeleted() throws Exception {
        UnitPlacement temporary = UnitPlacement.temporary(directories.runtime(), directories);
        Files.createDirectories(temporary.folder());
        Files.createFile(temporary.folder().resolve("other.service"));
        temporary.tidy();
        assertThat(temporary.folder()).exists();
        Files.delete(temporary.folder().resolve("other.service"));
        temporary.tidy();
        assertThat(temporary.folder()).doesNotExist();

        UnitPlacement permanent = UnitPlacement.permanent(directories);
        Files.createDirectories(permanent.folder());
        permanent.tidy();
        assertThat(permanent.folder()).exists();
    }
}
