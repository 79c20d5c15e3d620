#!/usr/bin/python3
"""What dematctl shows on a running gateway: its tables, line by line."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import rig


class DematctlTrial(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.addClassCleanup(cls.simulator.stop)
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.declare()
        cls.config = cls.folder / "agent.toml"
        pki = cls.gateway.pki
        cls.config.write_text(f'url = "https://localhost:{cls.gateway.port}"\nca = "{pki}/ca.pem"\n'
                              f'cert = "{pki}/valjoie.pem"\nkey = "{pki}/valjoie.key"\n')
        agent = cls.gateway.api("valjoie")
        cls.addClassCleanup(agent.close)
        right = rig.sample("depense", rig.VALJOIE_SIREN, "TABLE-0001", "--dematerialise", "--ids")
        wrong = right.replace(b"TABLE-0001", b"TABLE-0002").replace(b"<MtHT V=", b"<MontantHT V=", 1)
        mixed = rig.sample("depense", rig.VALJOIE_SIREN, "TABLE_MIXTE-1", "--dematerialise", "--ids", "--bordereaux", "2")
        cls.right, cls.wrong, cls.mixed = (agent.submit(content)[2]["id"] for content in (right, wrong, mixed))
        cls.watched = cls.ctl("watch", "--timeout", "60", cls.right, cls.wrong, cls.mixed)
        cls.flow = agent.flow(cls.right)

    @classmethod
    def ctl(cls, *arguments):
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--config", str(cls.config), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=90)

    def lines(self, *arguments):
        done = self.ctl(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def table(self, lines):
        """Cells of a table by the widths of its rule; the last column runs to the end of the line."""
        rule = next(i for i, line in enumerate(lines) if line and set(line) <= {"─", " "})
        starts = [i for i, c in enumerate(lines[rule]) if c == "─" and (i == 0 or lines[rule][i - 1] == " ")]
        cells = lambda line: [line[a:b].strip() for a, b in zip(starts, starts[1:] + [None])]
        rows = []
        for line in lines[rule + 1:]:
            if not line:
                break
            rows.append(dict(zip(cells(lines[rule - 1]), cells(line))))
        return rows

    def test_list(self):
        rows = {row["id"]: row for row in self.table(self.lines("list"))}
        self.assertEqual({i: row["état"] for i, row in rows.items()},
                         {self.right: "acknowledged", self.wrong: "refused", self.mixed: "partly_rejected"})
        self.assertEqual(rows[self.right]["NomFic"], "TABLE-0001")
        self.assertEqual(rows[self.right]["collectivité"], rig.VALJOIE_SIREN)
        self.assertRegex(rows[self.right]["déposé"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$")
        self.assertEqual([row["id"] for row in self.table(self.lines("list", "--state", "refused"))], [self.wrong])

    def test_get(self):
        fields = dict(map(str.strip, line.split(" : ", 1)) for line in self.lines("get", self.right))
        self.assertEqual(fields["id"], self.right)
        self.assertEqual(fields["état / state"], "acknowledged")
        self.assertEqual(fields["SHA-256"], self.flow["sha256"])
        self.assertEqual(fields["destination"], "helios")
        self.assertEqual(fields["envois / attempts"], "1")

    def test_history(self):
        lines = self.lines("history", self.right)
        events = self.table(lines)
        self.assertEqual(events[-1]["vers"], "acknowledged")
        for before, after in zip(events, events[1:]):
            self.assertEqual(before["vers"], after["de"])
        sends = self.table(lines[lines.index("") + 1:])
        self.assertEqual([(row["envoi"], row["issue"], row["destination"]) for row in sends], [("1", "sent", "helios")])

    def test_report(self):
        wrong = self.lines("report", self.wrong)
        self.assertIn("état / state : refused", " ".join(" ".join(wrong).split()))
        self.assertTrue(any(re.search(r"erreur / error \[xsd\.\w+\]  ligne / line \d+", line) for line in wrong), wrong)
        self.assertTrue(any(line.startswith("refusé : ") for line in wrong), wrong)
        mixed = self.lines("report", self.mixed)
        answer = mixed[mixed.index("Réponse d'Hélios / Answer of Hélios"):]
        self.assertTrue(any("[helios." in line for line in answer), mixed)
        self.assertTrue(any("trouvé  : " in line for line in answer), mixed)
        self.assertTrue(any(line.startswith("Hélios : ") for line in answer), mixed)
        self.assertTrue(any("accepté : " in line for line in self.lines("report", self.right)))

    def test_check_tells_what_was_sent_before(self):
        again = rig.sample("depense", rig.VALJOIE_SIREN, "TABLE-0003", "--dematerialise", "--ids")
        file = self.folder / "again.xml"
        file.write_bytes(again)
        before = self.lines("list")
        for _ in range(2):  # it records nothing, so it says the same again
            told = json.loads(self.ctl("--json", "check", str(file)).stdout)
            self.assertTrue(told["accepted"])
            self.assertEqual([finding["code"] for finding in told["findings"]], ["pes.p24.history"])
            self.assertIn(self.right, told["findings"][0]["fr"])
        shown = self.ctl("check", "--lang", "fr", str(file))
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn(f"flux {self.right} (« TABLE-0001 »", " ".join(shown.stdout.split()))
        offline = self.ctl("check", "--offline", "--to-be-signed", "--lang", "fr", str(file))
        self.assertEqual(offline.returncode, 0)
        self.assertNotIn("déjà été envoyé", offline.stdout)
        self.assertEqual(self.lines("list"), before)

    def test_show(self):
        """The rejected mandat stands first, with what the sent flow says of it; then the flow."""
        lines = self.lines("show", self.mixed)
        self.assertEqual(lines[0], f"Flux {self.mixed} — état / state : partly_rejected")
        cross = next(i for i, line in enumerate(lines) if line.startswith("  ✗ dépense, exercice ") and ", mandat " in line)
        self.assertLess(cross, 12, lines[:15])
        self.assertRegex(lines[cross + 1], r"^      « .+ » — .+ — HT [0-9\u00a0]+,\d\d\u00a0€")
        tree = next(i for i, line in enumerate(lines) if line.startswith("PES_Aller TABLE_MIXTE-1"))
        self.assertLess(cross, tree)
        self.assertTrue(any("À faire : " in line for line in lines[cross:tree]), lines)
        document = json.loads("\n".join(self.lines("--json", "show", self.mixed)))
        self.assertEqual(document["acquit"]["verdict"], "partly_rejected")
        self.assertEqual(document["document"]["totaux"]["bordereaux"], 2)
        self.assertIn("Ce document ne porte aucune pièce jointe.", self.lines("extract", "--pj", self.right, "--list"))

    def test_watch(self):
        """Two of the three did not go well: that is exit code 1."""
        self.assertEqual((self.watched.returncode, self.watched.stderr), (1, ""))
        for flow_id, state in ((self.right, "acknowledged"), (self.wrong, "refused"), (self.mixed, "partly_rejected")):
            mine = [line for line in self.watched.stdout.splitlines() if flow_id in line]
            self.assertRegex(mine[0], r"^\d\d:\d\d:\d\d  ")
            self.assertTrue(any(f"→ {state}  " in line for line in mine), mine)
        self.assertEqual(self.ctl("watch", self.right).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
