package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.readiness.ProcessTable.Running;
import io.github.lamplighter.service.StopImpactAssessor.StopImpact;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradeImpactTest {

    @Test
    void anotherServiceIsNamedByItsUnit() {
        String slice = "/user.slice/user-1000.slice/user@1000.service/app.slice/";
        assertThat(sentence(new Running(7, slice + "second.service", "node ~/bin/http-server -p 8081")))
                .isEqualTo("Another service uses this installation and may crash: second.service"
                        + " (PID 7, node ~/bin/http-server -p 8081). Restart it afterwards.");
        assertThat(sentence(new Running(8, slice + "app-terminal.scope", "node ~/bin/http-server")))
                .isEqualTo("Another process uses this installation and may crash: PID 8, node ~/bin/http-server.");
    }

    private static String sentence(Running other) {
        return new UpgradeImpact(List.of(other), StopImpact.NONE, List.of())
                .sentences()
                .getFirst();
    }
}
