#!/usr/bin/python3
"""Contracts in their order, and numbers that were sent before, tried on the installed programs."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import rig

FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled"}


class Contracts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-marches-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        cls.gateway.start()
        cls.gateway.declare()
        cls.agent = cls.gateway.api("valjoie")
        cls.config = cls.folder / "dematctl.toml"
        pki = cls.gateway.pki
        cls.config.write_text(f'url = "https://localhost:{cls.gateway.port}"\nca = "{pki / "ca.pem"}"\n'
                              f'cert = "{pki / "valjoie.pem"}"\nkey = "{pki / "valjoie.key"}"\n')

    @classmethod
    def tearDownClass(cls):
        cls.agent.close()
        cls.gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ctl(self, *arguments):
        return subprocess.run([str(rig.BUILD / "tools/dematctl/dematctl"), "--config", str(self.config), *arguments],
                              capture_output=True, text=True, check=True, timeout=60).stdout

    def post(self, content):
        status, _, answer = self.agent.submit(content)
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def contract(self, nom_fic, contrat, sequence, *options):
        modification = ("--modification", str(sequence - 1)) if sequence > 1 else ()
        return self.post(rig.sample("marche", rig.VALJOIE_SIREN, nom_fic, "--contrat", contrat, "--sequence", str(sequence),
                                    *modification, *options))

    @contextlib.contextmanager
    def silence(self):
        """Hélios takes flows and answers none, until the end of the block."""
        self.simulator.misbehave(pause_office=True)
        try:
            yield
        finally:
            self.simulator.misbehave()

    def in_state(self, flow_id, *states):
        return rig.until(f"{flow_id} in {states}",
                         lambda: next((f for f in [self.agent.flow(flow_id)] if f["state"] in states), None))

    def waiting(self, flow_id):
        return rig.until(f"{flow_id} waits", lambda: next(
            (f for f in [self.agent.flow(flow_id)] if f.get("waiting_code") == "marche.waits_for"), None))

    def findings(self, flow_id):
        return self.agent.json("GET", f"/v1/flows/{flow_id}/report")[1]["findings"]

    def codes(self, flow_id):
        return {finding["code"] for finding in self.findings(flow_id)}

    def records(self, contrat):
        items = self.agent.json("GET", f"/v1/marches?contrat={contrat}")[1]["items"]
        self.assertEqual([item["contrat"] for item in items], [contrat])
        return {record["sequence"]: record["status"] for record in items[0]["records"]}

    def test_a_modification_leaves_after_the_acquit_of_its_contract(self):
        with self.silence():
            first = self.contract("ORDRE-1", "2026ORDRE01", 1)
            self.in_state(first, "sent")
            second = self.contract("ORDRE-2", "2026ORDRE01", 2)
            flow = self.waiting(second)
            self.assertEqual((flow["state"], flow["waits_for"], flow["attempts"]), ("ready", first, 0))
            self.assertEqual(self.records("2026ORDRE01"), {1: "sent", 2: "waiting"})
            shown = self.ctl("marche", "ls", "--contrat", "2026ORDRE01")
        self.assertIn("Marché 2026ORDRE01", shown)
        self.assertIn("attend la précédente", shown)
        self.assertIn(first, shown)
        self.in_state(first, "acknowledged")
        self.in_state(second, "acknowledged")
        self.assertEqual(self.records("2026ORDRE01"), {1: "accepted", 2: "accepted"})
        arrived = [one["nomfic"] for one in self.simulator.ledger("deposit") if one["nomfic"].startswith("ORDRE-")]
        self.assertEqual(arrived, ["ORDRE-1", "ORDRE-2"])
        third = self.contract("ORDRE-3", "2026ORDRE01", 3)
        self.in_state(third, "acknowledged")
        self.assertNotIn("pes.marche.predecessor_unknown", self.codes(third))

    def test_b_wait_survives_the_end_of_the_gateway(self):
        with self.silence():
            first = self.contract("COUPURE-1", "2026COUPE01", 1)
            self.in_state(first, "sent")
            second = self.contract("COUPURE-2", "2026COUPE01", 2)
            self.waiting(second)
            self.gateway.kill()
        self.gateway.start()
        type(self).agent = self.gateway.api("valjoie")
        text = self.config.read_text().splitlines()
        self.config.write_text("\n".join([f'url = "https://localhost:{self.gateway.port}"', *text[1:]]) + "\n")
        self.in_state(first, "acknowledged")
        self.in_state(second, "acknowledged")

    def test_c_what_follows_a_rejected_contract_is_held_and_released(self):
        first = self.contract("REFUS-1_REJET", "2026REFUS01", 1)
        self.in_state(first, "partly_rejected")  # its attachment was taken in
        second = self.contract("REFUS-2", "2026REFUS01", 2)
        flow = self.in_state(second, "held")
        self.assertEqual((flow["hold_reason"], flow["waits_for"]), ("marche.predecessor_rejected", first))
        self.assertEqual(self.records("2026REFUS01"), {1: "rejected", 2: "held"})
        again = self.contract("REFUS-1BIS", "2026REFUS01", 1)
        self.in_state(again, "acknowledged")
        self.assertNotIn("pes.marche.sequence_sent", self.codes(again))
        self.in_state(second, "acknowledged")

    def test_d_a_person_lets_it_go(self):
        self.contract("LIBRE-1_MUET", "2026LIBRE01", 1)
        second = self.contract("LIBRE-2", "2026LIBRE01", 2)
        self.waiting(second)
        self.ctl("release", second, "--reason", "vu avec la trésorerie")
        self.in_state(second, "acknowledged")
        events = [event["code"] for event in self.agent.json("GET", f"/v1/flows/{second}/events")[1]["items"]]
        self.assertIn("verb.release", events)

    def test_e_an_unknown_predecessor_is_warned_of(self):
        flow_id = self.contract("INCONNU-5", "2026INCON01", 5)
        self.in_state(flow_id, "acknowledged")
        self.assertIn("pes.marche.predecessor_unknown", self.codes(flow_id))

    def depense(self, nom_fic, *options):
        return rig.sample("depense", rig.VALJOIE_SIREN, nom_fic, "--dematerialise", "--ids", *options)

    def test_f_numbers_sent_before_are_warned_of(self):
        first = self.post(self.depense("NUMEROS-1", "--first-bordereau", "700"))
        self.in_state(first, "acknowledged")
        self.assertFalse({"pes.p24.history", "pes.p11.history"} & self.codes(first))
        second = self.post(self.depense("NUMEROS-2", "--first-bordereau", "700"))
        self.in_state(second, *FINAL)
        found = {finding["code"]: finding for finding in self.findings(second)}
        self.assertIn("pes.p24.history", found)
        self.assertIn(first, found["pes.p24.history"]["fr"])
        self.assertIn("pes.signature.history", found)
        self.assertEqual(found["pes.p24.history"]["severity"], "warning")

    def test_g_a_rejected_flow_gives_its_numbers_back(self):
        first = self.post(self.depense("RENDUS-1_REJET", "--first-bordereau", "800"))
        self.in_state(first, "rejected")
        second = self.post(self.depense("RENDUS-2", "--first-bordereau", "800"))
        self.in_state(second, "acknowledged")
        self.assertNotIn("pes.p24.history", self.codes(second))


if __name__ == "__main__":
    unittest.main(verbosity=2)
