import zlib
from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.dataset_json.parts import json_parts

HEAD = b'{"datasetJSONVersion":"1.1.0","columns":[]}\n'
MIB = b"x" * (1 << 20)


def bomb(path: Path, head: bytes, mebibytes: int) -> Path:
    """A few kilobytes that decompress to one text of many mebibytes."""
    pressed = zlib.compressobj(9)
    parts = [pressed.compress(head), *(pressed.compress(MIB) for _ in range(mebibytes)), pressed.flush()]
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("head", [HEAD + b'["', b'{"columns":[],"rows":[["', b'{"name":"'])
def test_a_text_without_end_in_a_small_file_is_refused_before_it_is_whole(tmp_path: Path, head: bytes):
    path = bomb(tmp_path / "lb.dsjc", head, 40)
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="has more than 16 MiB of text"):
        list(json_parts(path)[1])


def test_a_large_record_within_the_bound_is_read(tmp_path: Path):
    path = tmp_path / "lb.ndjson"
    path.write_bytes(HEAD + b'["' + MIB * 3 + b'"]\n')
    [[[text]]] = json_parts(path)[1]
    assert len(text) == 3 << 20
