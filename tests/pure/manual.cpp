// manual.cpp: texts for people, made from the tables of options.

#define CAF_SUITE manual

#include "manual.hpp"

#include "completion.hpp"
#include "connect_options.hpp"
#include "man_page.hpp"
#include "text_layout.hpp"

#include "wsengine/testing/unit_test.hpp"

#include <algorithm>
#include <string>

using namespace wsengine::cli;

namespace {

manual sample() {
  manual result;
  result.name = "paint";
  result.arguments = "FILE [OPTION]...";
  result.summary = "paint a file";
  result.description = "Paints a file.\n\nColours are words.";
  result.options = {{"Colours",
                     {{"colour", "C", "the colour", {}, false, false, {"red", "blue"}},
                      {"folder", "DIR", "where to", {}},
                      {"slowly", "", "take time", {}}}}};
  result.examples = {{"wsengine paint x", "Paint:"}};
  return result;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

// -- layout ---------------------------------------------------------------------------------------

CAF_TEST(lines break between words) {
  CAF_CHECK_EQUAL(wrap("one two three", 7), "one two\nthree\n");
  CAF_CHECK_EQUAL(wrap("one two three", 9, 2), "  one two\n  three\n");
  CAF_CHECK_EQUAL(wrap("a longerword b", 5), "a\nlongerword\nb\n");
  CAF_CHECK_EQUAL(wrap("a\n\nb", 5), "a\n\nb\n");
  CAF_CHECK_EQUAL(wrap("", 5), "");
}

CAF_TEST(explanations begin in one column) {
  CAF_CHECK_EQUAL(list({{"a", "first of two"}, {"bcd", "x"}}, 13),
                  "  a    first\n       of two\n  bcd  x\n");
  std::string wide(40, 'w');
  CAF_CHECK_EQUAL(list({{"a", "x"}, {wide, "y"}}, 20), "  a  x\n  " + wide + "\n     y\n");
  CAF_CHECK_EQUAL(list({{"a", ""}}, 20), "  a\n");
}

// -- help -----------------------------------------------------------------------------------------

CAF_TEST(short help has what matters most) {
  auto uut = sample();
  CAF_CHECK_EQUAL(short_help(uut), "usage: wsengine paint FILE [OPTION]...\n\n"
                                   "Paints a file.\n\n"
                                   "  --colour C    the colour\n"
                                   "  --folder DIR  where to\n"
                                   "  --slowly      take time\n\n"
                                   "Examples:\n"
                                   "  wsengine paint x\n\n"
                                   "All of it: wsengine paint --help-all\n");
  uut.essential = {"slowly"};
  CAF_CHECK(!has(short_help(uut), "--colour") && has(short_help(uut), "--slowly"));
}

CAF_TEST(help that is complete points nowhere) {
  auto uut = sample();
  uut.description = "Paints.";
  CAF_CHECK(!has(short_help(uut), "--help-all"));
}

CAF_TEST(long help has everything) {
  auto uut = sample();
  uut.essential = {"slowly"};
  uut.sections = {{"Brushes", "There are two.", {{"thin", "for lines"}}, "No more."}};
  auto text = long_help(uut);
  for (const auto* part :
       {"Colours are words.\n", "\nColours:\n\n  --colour C ", "\nBrushes:\n\nThere",
        "\n  thin  for lines\n", "\nNo more.\n", "\n    wsengine paint x\n"})
    CAF_CHECK(has(text, part));
}

CAF_TEST(what the help of connect has exists) {
  auto uut = manual_of_connect();
  CAF_CHECK(!uut.essential.empty());
  for (const auto& name : uut.essential)
    CAF_CHECK(has(short_help(uut), "\n  --" + name));
}

// -- pages ----------------------------------------------------------------------------------------

CAF_TEST(a manual page says everything in the language of man) {
  auto uut = sample();
  uut.description = ".x is a 'word' -- and \\ a backslash\n\nmore";
  manual general;
  general.summary = "a program";
  general.sections = {{"EXIT STATUS", "", {{"0", "good"}}}};
  auto page = man_page(general, {uut}, "1.2");
  for (const auto* part :
       {".TH WSENGINE 1 \"\" \"wsengine 1.2\"\n", "wsengine \\- a program\n",
        ".SH \"WSENGINE PAINT\"\n\\&.x is a \\(aqword\\(aq \\-\\- and \\e a backslash\n.PP\nmore\n",
        ".SS \"Colours\"\n.TP\n.B \"\\-\\-colour C\"\nthe colour\n",
        ".SH \"EXIT STATUS\"\n.TP\n.B \"0\"\n", ".nf\nwsengine paint x\n.fi\n"})
    CAF_CHECK(has(page, part));
}

CAF_TEST(completion knows values and files) {
  auto script = bash_completion({sample()});
  for (const auto* part :
       {"paint:--colour) _wsengine_words 'red blue' \"$current\"; return ;;\n",
        "paint:--folder) _wsengine_files -d \"$current\"; return ;;\n",
        "_wsengine_words '--colour --folder --slowly --help --help-all' \"$current\"\n",
        "_wsengine_files -f \"$current\"\n", "complete -F _wsengine wsengine\n"})
    CAF_CHECK(has(script, part));
  CAF_CHECK(!has(script, "paint:--slowly"));
}
