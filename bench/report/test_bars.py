"""Do made-up measurements give the figures, the verdicts and the text that follow from them?"""
import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import bars  # noqa: E402
import write  # noqa: E402
from results import Results  # noqa: E402

CONTEXT = {"isa": "AVX2", "pages": "2 MiB, reserved"}


def bench(**ns):
    return {"command": "bench", "context": dict(CONTEXT),
            "runs": {name.replace("__", "/").replace("_", " "): {"ns": values} for name, values in ns.items()}}


def scenario(name, *rows):
    return {"scenario": name, "facts": {}, "checks": [], "faults": [], "rows": [
        {"run": run, "flows": flows, "workers": workers, "rate": {"median": rate, "least": rate, "most": rate},
         "ns_per_packet": 1e9 * workers / rate, "ratio": None, "dropped": 0, "switches": 0, "figures": {}}
        for run, flows, workers, rate in rows]}


class Bars(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.top.name, "results")
        os.mkdir(self.folder)
        self.keep("table-1Mi", bench(hit__1Mi__ajar=[20, 22, 21], hit__1Mi__boost=[42, 42, 50],
                                     hit__1Mi__tbb=[90], line__1Mi__limit=[8], miss__1Mi__ajar=[9]))
        self.keep("table-16Mi", bench(hit__16Mi__ajar=[40], hit__16Mi__absl=[50]))

    def tearDown(self):
        self.top.cleanup()

    def keep(self, name, content):
        with open(os.path.join(self.folder, name + ".json"), "w") as f:
            json.dump(content, f)

    def figure(self, axis, what):
        found = [f for f in bars.all_figures(Results(self.folder)) if f.axis == axis and what in f.what]
        self.assertEqual(len(found), 1, [f.what for f in found])
        return found[0]

    def test_the_best_peer_decides_and_less_time_is_better(self):
        met = self.figure("table lookup", "1Mi: rate, of the best peer's (boost)")
        self.assertEqual((met.value, met.met), (2.0, True))
        missed = self.figure("table lookup", "16Mi: rate, of the best peer's (absl)")
        self.assertEqual((missed.value, missed.met), (1.25, False))

    def test_the_bound_is_half_the_rate_of_random_lines(self):
        figure = self.figure("table lookup", "1Mi: rate, of half")
        self.assertAlmostEqual(figure.value, 2 * 8 / 21)
        self.assertFalse(figure.met)

    def test_what_was_not_measured_is_neither_met_nor_missed(self):
        self.assertIsNone(self.figure("table lookup", "64Ki: rate, of boost's").met)
        self.assertIsNone(self.figure("replay", "one shard, a second").met)

    def test_at_most_is_met_from_below(self):
        self.keep("timers", bench(visit__1Mi__ajar=[5.5]))
        self.keep("expiry", bench(visit__1Mi__ajar=[9.9], expire__1Mi__ajar=[61]))
        self.assertTrue(self.figure("expiry", "1Mi: a visit, the timer").met)
        self.assertTrue(self.figure("expiry", "1Mi: a visit in a shard").met)
        self.assertFalse(self.figure("expiry", "1Mi: deletion").met)

    def test_gains_and_growth_are_of_the_appliance(self):
        self.keep("ajar-workers", scenario("established", ("macswap", 1 << 16, 1, 40e6), ("macswap", 1 << 16, 2, 80e6),
                                           ("ajar", 1 << 16, 1, 10e6), ("ajar", 1 << 16, 2, 19e6)))
        self.keep("ajar-established", scenario("established", ("ajar", 1 << 16, 1, 20e6), ("ajar", 1 << 20, 1, 10e6),
                                               ("ajar", 1 << 24, 1, 8e6)))
        self.assertAlmostEqual(self.figure("1 to 2 workers", "64Ki").value, 0.95)
        self.assertAlmostEqual(self.figure("growth", "64Ki to 16Mi").value, 2.5)
        self.assertAlmostEqual(self.figure("growth", "1Mi to 16Mi").value, 1.25)

    def test_what_a_defence_costs_is_stated_beside_what_it_spares(self):
        self.keep("ajar-cookies", scenario("cookies", ("macswap", 1 << 20, 1, 40e6), ("established", 1 << 20, 1, 5e6),
                                           ("embryonic", 1 << 20, 1, 2e6), ("cookies", 1 << 20, 1, 8e6)))
        self.keep("ajar-acks", scenario("acks", ("refused", 1 << 16, 1, 9e6), ("refused, cookies", 1 << 16, 1, 6e6)))
        self.assertAlmostEqual(self.figure("cookies", "1Mi: cookies, M/s").value, 8)
        self.assertAlmostEqual(self.figure("cookies", "1Mi: rate, of embryonic").value, 4)
        self.assertAlmostEqual(self.figure("ACK flood", "64Ki: rate, of the same ACKs when calm, refused").value, 2 / 3)
        self.assertIsNone(self.figure("translation", "1Mi: rate, of untranslated flows, timestamps").met)

    def test_the_same_files_give_the_same_text_and_the_analysis_stays(self):
        markdown = os.path.join(self.top.name, "RESULTS.md")
        with open(os.path.join(self.top.name, "analysis.md"), "w") as f:
            f.write("# Why\n\n## table lookup\n\nBecause of the moon.\n")
        texts = []
        for _ in range(2):
            write.main(self.folder, markdown)
            with open(markdown) as f:
                texts.append(f.read())
        self.assertEqual(texts[0], texts[1])
        self.assertIn("Because of the moon.", texts[0])
        self.assertIn("| **not met** |", texts[0])


if __name__ == "__main__":
    unittest.main()
