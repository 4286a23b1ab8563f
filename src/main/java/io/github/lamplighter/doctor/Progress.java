package io.github.lamplighter.doctor;

import java.util.List;

/// Receives the progress of a run of checks. Called from several threads at the same time.
public interface Progress {

    /// @param ids the checks that are asked now
    void began(String tool, List<String> ids);

    /// One check has answered, or broke.
    void answered(String tool, String id);

    /// Reports to no front end.
    static Progress none() {
        return new Progress() {
            @Override
            public void began(String tool, List<String> ids) {}

            @Override
            public void answered(String tool, String id) {}
        };
    }
}
