"""Writes the Python package `almanac-client` into a new folder: python packages/python/generate.py <folder>"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def readable(schema):
    """The document without `items: false`, by which JSON Schema ends a tuple, and which the generator cannot read."""
    if isinstance(schema, list):
        return [readable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: readable(one) for name, one in schema.items() if not (name == "items" and one is False)}


def main(folder: Path) -> None:
    document = json.loads((ROOT / "api" / "generated" / "openapi.json").read_text())
    config = {
        "project_name_override": "almanac-client",
        "package_name_override": "almanac_client",
        "package_version_override": json.loads((ROOT / "package.json").read_text())["version"],
        "content_type_overrides": {"application/zip": "application/octet-stream"},
        # They format, and the package is not edited.
        "post_hooks": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        files = {"openapi.json": readable(document), "config.json": config}
        for name, content in files.items():
            Path(temporary, name).write_text(json.dumps(content))
        options = {
            "--path": Path(temporary, "openapi.json"),
            "--config": Path(temporary, "config.json"),
            "--output-path": folder,
            "--meta": "setup",
        }
        arguments = [str(part) for option in options.items() for part in option]
        subprocess.run(
            [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", *arguments], check=True
        )
    shutil.copy(HERE / "README.md", folder / "README.md")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder that the package is written into.")
    main(Path(sys.argv[1]))
