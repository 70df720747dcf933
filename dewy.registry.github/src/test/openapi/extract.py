"""Writes the operations that Dewy uses, and what they refer to, from an unpacked package @octokit/openapi."""
import json
import sys

OPERATIONS = [
    ("/repos/{owner}/{repo}/releases", "get"),
    ("/repos/{owner}/{repo}/releases/tags/{tag}", "get"),
    ("/repos/{owner}/{repo}/releases/assets/{asset_id}", "get"),
    ("/repos/{owner}/{repo}/releases/{release_id}/assets", "post"),
    ("/app/installations/{installation_id}/access_tokens", "post"),
]
PROSE = {"description", "examples", "example", "summary", "externalDocs", "tags"}


def plain(node, names=False):
    """Returns a copy without prose; below "properties" and the like, keys are names and not keywords."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: plain(value, key in ("properties", "responses", "headers") and not names)
        for key, value in node.items()
        if names or not (key in PROSE or key.startswith("x-"))
    }


def referred(node):
    if isinstance(node, list):
        for item in node:
            yield from referred(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from referred(value)


def main(package):
    with open(package + "/generated/api.github.com.json", encoding="utf-8") as file:
        whole = json.load(file)
    with open(package + "/package.json", encoding="utf-8") as file:
        version = json.load(file)["version"]
    paths = {path: {method: plain(whole["paths"][path][method])} for path, method in OPERATIONS}
    components = {}
    waiting = list(referred(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = plain(whole["components"][kind][name])
            waiting.extend(referred(components[kind][name]))
    source = f"@octokit/openapi {version}, MIT licence, see github-openapi.LICENSE; extracted by src/test/openapi/extract"
    json.dump(
        {"openapi": whole["openapi"], "info": {"title": source, "version": version},
         "paths": paths, "components": components},
        sys.stdout, indent=1, sort_keys=True)
    print()


main(sys.argv[1])
