"""docs/clients.md is what ./dev docs would write, of the versions and checks that there are."""
import unittest

import page


class Page(unittest.TestCase):
    def setUp(self):
        self.text = page.PAGE.read_text()

    def test_it_is_of_these_versions_and_checks(self):
        self.assertIsNone(page.wrong_with(self.text), "run ./dev clients, then ./dev docs")

    def test_what_was_measured_comes_through_the_page(self):
        rows = page.parse(self.text)
        self.assertEqual(page.parse(page.render(rows)), rows)
        self.assertTrue(all(row["why"] for row in rows if row["result"] == page.SKIPPED))

    def test_a_page_of_other_versions_is_found(self):
        self.assertIn("clients.json", page.wrong_with(self.text.replace("| 1.36 |", "| 1.99 |")))

    def test_a_page_of_other_checks_is_found(self):
        self.assertIn("other checks", page.wrong_with(self.text.replace("| get -w |", "| get -W |")))

    def test_a_page_that_was_edited_is_found(self):
        self.assertIn("shape", page.wrong_with(self.text + "It works everywhere.\n"))


if __name__ == "__main__":
    unittest.main()
