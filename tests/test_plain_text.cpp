#include "tests/spoilt_experiment.hpp"

using namespace kramers;
using namespace kramers::tests;

TEST_CASE("what no file, picture or terminal can carry is refused wherever it stands") {
  const auto refused = [](const std::string& text, const std::string& part) {
    const auto problems = problems_of(text);
    INFO(part);
    REQUIRE(problems.size() == 1);
    CAPTURE(problems[0]);
    CHECK(problems[0].find(part) != std::string::npos);
    CHECK(std::all_of(problems[0].begin(), problems[0].end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; }));
  };
  std::string wide = "\xff\xfe";
  for (const char c : good) (wide += c) += '\0';
  refused(wide, "it is UTF-16 or UTF-32; save it as UTF-8");
  refused(wide.substr(2), "it is UTF-16 or UTF-32; save it as UTF-8");
  refused(good + "# \xe9t\xe9\n", "the byte 0xe9, which is no UTF-8; allowed: UTF-8 without control characters");
  refused(good + "# \xed\xa0\x80\n", "the byte 0xed, which is no UTF-8");      // a surrogate
  refused(good + "# \xc0\x80\n", "the byte 0xc0, which is no UTF-8");          // NUL in two bytes
  refused(good + "# \xf4\x90\x80\x80\n", "the byte 0xf4, which is no UTF-8");  // beyond the last character
  refused(good + std::string("# \0\n", 4), "the control character U+0000");
  refused(good + "# \x1b[2J\n", "the control character U+001B");
  refused(good + "# \xc2\x9b\n", "the control character U+009B");
  refused(good + "# \xef\xbf\xbf\n", "U+FFFF, which is no character");
  refused(good + "\r# old\n", "the control character U+000D");
  for (const char* title : {"a \\u0000 b", "\\u001b[31m", "two\\nlines", "\\u007f", "\\U0000009b", "\\ufffe"})
    refused("title = \"" + std::string(title) + "\"\n" + good, "the text of 'title' holds ");
  refused(good + "[\"\\u0007\"]\n", "the key '\\x07' holds the control character U+0007");
  for (const char* fine : {"# \xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\x93\r\n", "#\ttab\n"})
    CHECK(problems_of(good + fine).empty());
  for (const std::string set : {"title=\xff", "title=a\nb", "title=\x1b", "ti\x07tle=1"}) {
    const auto problems = problems_of(good, {set});
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("allowed: UTF-8 on one line") != std::string::npos);
  }
}
