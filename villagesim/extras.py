"""Libraries that only some tasks need: how each is installed beside this one, wherever this one came from."""

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

NAME = "villagesim"


def way_to(extra: str) -> str:
    """Command that installs an extra of what was installed, a release, wheel or folder: ``pip install "villagesim[excel]"``."""
    try:
        return f"pip install {_named(distribution(NAME), extra)}"
    except PackageNotFoundError:
        return f'pip install "{NAME}[{extra}]"'


def _named(installed: Distribution, extra: str) -> str:
    """What pip is to be given."""
    source = json.loads(installed.read_text("direct_url.json") or "{}")
    url = str(source.get("url", ""))
    if not url:
        return f'"{NAME}[{extra}]"'
    if urlparse(url).scheme != "file":
        kind = source.get("vcs_info", {}).get("vcs")
        return f'"{NAME}[{extra}] @ {f"{kind}+" if kind else ""}{url}"'
    path = Path(url2pathname(urlparse(url).path))
    if not path.exists():  # the libraries themselves, as nothing is there to install once more
        wanted = [need for need in installed.requires or () if f'extra == "{extra}"' in need.replace("'", '"')]
        return " ".join(f'"{need.split(";")[0].strip()}"' for need in wanted)
    editable = "-e " if source.get("dir_info", {}).get("editable") else ""
    return f'{editable}"{path}[{extra}]"'
