"""What a thousand certificates cost beside WeasyPrint: python -m bench.certificates [how many].

The same words and the same QR picture for both, drawn within the time of each; each in a process of its own,
one after the other. WeasyPrint is measured both ways it can go: a file for each, and pieces of fifty as the
portal's worker draws them, which it need not join. BENCH_PYTHON names an interpreter that has it too:

    apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    python -m venv DIR; DIR/bin/pip install -r requirements.txt "weasyprint>=70,<71"
"""

import datetime
import html
import io
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
PORTAL = "https://danh-hieu.hatinh.example"
WAYS = ["portal, one file", "portal, a file each", "WeasyPrint, one file", "WeasyPrint, a file each"]
PIECE = 50
SHEET = ROOT / "bench" / "certificate.html"


def main(count="1000"):
    measured = {}
    for way in WAYS:
        own = way.startswith("portal")
        python = sys.executable if own else os.environ.get("BENCH_PYTHON", sys.executable)
        command = [python, "-m", "bench.certificates", "--one", way, count]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            print(f"{way}: failed, {done.stderr.strip().rpartition(chr(10))[2]}", flush=True)
            continue
        measured[way] = json.loads(done.stdout)
        print(f"{way}: {measured[way]}", flush=True)
    best = min((told["seconds"] for way, told in measured.items() if "Weasy" in way), default=None)
    if best:
        ours = measured[WAYS[0]]["seconds"]
        faster = f"{best / ours:.1f} times"
        print(f"\n{count} certificates: {ours:.1f} s; WeasyPrint at its best {best:.1f} s, {faster}")


def measure(way, count):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        draw_all(way, count)


def draw_all(way, count):
    certificates = some(count)
    draw = {
        WAYS[0]: lambda: [own(certificates)],
        WAYS[1]: lambda: (own([each]) for each in certificates),
        WAYS[2]: lambda: (weasy(certificates[at : at + PIECE]) for at in range(0, count, PIECE)),
        WAYS[3]: lambda: (weasy([each]) for each in certificates),
    }[way]
    began, cpu = time.perf_counter(), time.process_time()
    size = sum(len(each) for each in draw())
    told = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "MB": size / 1e6}
    told["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({name: round(value, 2) for name, value in told.items()}))


def some(count):
    """Certificates of different people, with codes and signatures of their own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from recognitions import codes, payload
    from recognitions.drawing import Certificate

    key, day = Ed25519PrivateKey.generate(), datetime.date(2027, 1, 15)
    made = []
    for number in range(count):
        code, name = codes.new_code(), f"Nguyễn Thị Quỳnh Hoa {number}"
        issuer, decision = "Hội Khuyến học xã Thạch Khê", "02/QĐ-HKH"
        said = payload.Said(code, "citizen", 2026, name, decision, day, issuer)
        made.append(
            Certificate(
                issuer=issuer,
                calls="Công nhận ông/bà",
                holder=name,
                place="thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh",
                title="Công dân học tập năm 2026",
                code=code,
                link=payload.address(said, key, PORTAL),
                lines=[f"Quyết định số {decision} ngày 15/01/2027"],
                day=day,
                post="Chủ tịch",
                signer="Lê Văn Minh",
            )
        )
    return made


def own(certificates):
    from recognitions import drawing

    return drawing.draw(certificates, "danh-hieu.hatinh.example/tra-cuu")


def weasy(certificates):
    import weasyprint

    style, sheet = SHEET.read_text().split("</style>")
    style = Template(style).substitute(fonts=(ROOT / "reports/data/fonts").as_uri())
    pages = "".join(Template(sheet).substitute(words_of(each)) for each in certificates)
    file = io.BytesIO()
    weasyprint.HTML(string=f"{style}</style>{pages}").write_pdf(file)
    return file.getvalue()


def words_of(each):
    from recognitions import codes, drawing

    said = {name: html.escape(str(value)) for name, value in vars(each).items()}
    capitals = {name: said[name].upper() for name in ("issuer", "title", "post")}
    _head, svg, picture = drawing.qr(each.link).partition("<svg")
    more = {"code": codes.in_groups(each.code), "line": html.escape(each.lines[0]), "qr": svg + picture}
    return said | capitals | more


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], int(sys.argv[3]))
    else:
        main(*sys.argv[1:])
