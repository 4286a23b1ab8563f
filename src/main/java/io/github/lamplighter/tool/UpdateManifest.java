package io.github.lamplighter.tool;

import io.github.lamplighter.installer.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Proposes to update a manifest after its author's file or recipe has changed. Values that the user changed stay, and
/// nothing is applied without the user.
public final class UpdateManifest {

    private final ToolCatalog toolCatalog;
    private final ManifestBuilder builder;
    private final ManifestCodec codec;

    public UpdateManifest(ToolCatalog toolCatalog, ManifestBuilder builder) {
        this.toolCatalog = toolCatalog;
        this.builder = builder;
        this.codec = builder.codec();
    }

    /// The update of a managed tool's manifest; empty if its base has not changed since the user accepted it.
    public Optional<AddTool.Proposal.Updated> propose(ManifestEntry.Readable entry) {
        return toolCatalog.matching(entry.name()).stream()
                .findFirst()
                .flatMap(Tool::provenance)
                .flatMap(provenance -> propose(entry, provenance));
    }

    Optional<AddTool.Proposal.Updated> propose(ManifestEntry.Readable entry, Provenance provenance) {
        Manifest manifest = entry.manifest();
        Optional<AcceptedProposal> accepted = builder.bases().accepted(manifest.name());
        Optional<ManifestBase> before = accepted.flatMap(AcceptedProposal::manifestBase);
        ManifestBases.Found found = builder.bases().find(provenance);
        if (!manifest.install().environment().equals(provenance.environment())
                || accepted.isEmpty()
                || found.manifestBase().isEmpty()
                || before.map(ManifestBase::hash).equals(found.manifestBase().map(ManifestBase::hash))) {
            return Optional.empty();
        }
        ManifestBase base = found.manifestBase().get();
        ObjectNode json = codec.write(manifest);
        Map<String, String> origins = new TreeMap<>(accepted.get().origins());
        markUserChanges(json, accepted.get(), origins);
        Map<String, JsonNode> old = before.map(manifestBase -> values(manifestBase, manifest, provenance))
                .orElse(Map.of());
        List<String> changes = merge(json, old, values(base, manifest, provenance), base.from(), origins);
        return codec.read(json, manifest.name().value()) instanceof ManifestCodec.Reading.Valid(Manifest updated)
                ? Optional.of(new AddTool.Proposal.Updated(
                        new AddTool.Proposal.Ready(
                                updated,
                                base.from().word(),
                                provenance,
                                found.evidence(),
                                new AcceptedProposal(found.manifestBase(), codec.write(updated), origins)),
                        changes))
                : Optional.empty();
    }

    private static void markUserChanges(ObjectNode json, AcceptedProposal accepted, Map<String, String> origins) {
        Map<String, JsonNode> agreed = JsonLeaves.of(accepted.proposed());
        JsonLeaves.of(json).forEach((pointer, value) -> {
            if (!value.equals(agreed.get(pointer))) {
                origins.put(pointer, ManifestStore.USER);
            }
        });
    }

    /// Three-way merge: takes each new value of the base into `json` if the user has not changed the old one.
    ///
    /// @return one sentence for each change
    private static List<String> merge(
            ObjectNode json,
            Map<String, JsonNode> old,
            Map<String, JsonNode> fresh,
            ManifestBase.From from,
            Map<String, String> origins) {
        Map<String, JsonNode> current = JsonLeaves.of(json);
        List<String> changes = new ArrayList<>();
        Set<String> pointers = new TreeSet<>(old.keySet());
        pointers.addAll(fresh.keySet());
        for (String pointer : pointers) {
            Optional<JsonNode> was = Optional.ofNullable(old.get(pointer));
            Optional<JsonNode> now = Optional.ofNullable(fresh.get(pointer));
            if (was.equals(now) || !was.equals(Optional.ofNullable(current.get(pointer)))) {
                continue;
            }
            if (now.isPresent()) {
                JsonLeaves.set(json, pointer, now.get());
                origins.put(pointer, from.word());
            } else {
                JsonLeaves.remove(json, pointer);
                origins.remove(pointer);
            }
            changes.add(JsonLeaves.change(pointer, was, now));
        }
        return changes;
    }

    /// The values of a base for this installation, by JSON pointer, without those of this machine.
    private Map<String, JsonNode> values(ManifestBase manifestBase, Manifest manifest, Provenance provenance) {
        ObjectNode json = builder.localized(manifestBase, provenance, new ArrayList<>());
        json.put("schema", ManifestCodec.SCHEMA);
        json.put("name", manifest.name().value());
        json.set("install", codec.write(manifest).get("install"));
        if (!(codec.read(json, manifest.name().value()) instanceof ManifestCodec.Reading.Valid(Manifest whole))) {
            return Map.of();
        }
        Map<String, JsonNode> leaves = new TreeMap<>(JsonLeaves.of(codec.write(whole)));
        leaves.keySet()
                .removeIf(pointer ->
                        pointer.equals("/schema") || pointer.equals("/name") || pointer.startsWith("/install/"));
        return leaves;
    }
}
