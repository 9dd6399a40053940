"""What setup.cfg cannot say: examples and the page on the model are packaged, and the README is read where links lead nowhere."""

import re
from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py

EXAMPLES = ("scenarios/*.toml", "scenarios/*.py", "experiments/*/*.toml", "experiments/*.py", "docs/model.md")
QUESTION = re.compile(r"^QUESTION = ", re.MULTILINE)
"""Stands in scripts that are questions; the others make pages of the documentation."""
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:)([^)]*)\)")


class WithExamples(build_py):
    """Puts scenarios/, experiments/ and the page on the model into villagesim/packaged/; an editable install finds them."""

    def examples(self):
        """Where each file goes, and where it is."""
        found = (path for pattern in EXAMPLES for path in sorted(Path().glob(pattern)))
        return {
            str(Path(self.build_lib, "villagesim", "packaged", path)): str(path)
            for path in found
            if path.parent.name != "experiments" or QUESTION.search(path.read_text(encoding="utf-8"))
        }

    def run(self):
        """Build the package, then copy them."""
        super().run()
        if not self.editable_mode:
            for copy, path in self.examples().items():
                Path(copy).parent.mkdir(parents=True, exist_ok=True)
                copyfile(path, copy)

    def get_output_mapping(self):
        """What a strict editable install links."""
        return super().get_output_mapping() | self.examples()


def _in_words(link):
    picture, text, target = link.groups()
    if picture:
        return f"*{text}* (`{target}` of the source distribution)"
    return text if target.startswith("#") or target == text else f"{text} (`{target}`)"


setup(
    cmdclass={"build_py": WithExamples},
    long_description=LINK.sub(_in_words, Path("README.md").read_text(encoding="utf-8")),
)
