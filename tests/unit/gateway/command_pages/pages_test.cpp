#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "gateway/command_pages/completion.hpp"
#include "gateway/command_pages/manual.hpp"

namespace demat::pages {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A program with what the two real ones have: groups, values, choices, positionals, a hidden command.
class PagesTest : public testing::Test {
 protected:
  PagesTest() {
    app_.add_option("--url", text_, "where it is");
    auto* returns = app_.add_subcommand("returns", "what came back");
    auto* list = returns->add_subcommand("list", "lists");
    list->add_option("--kind,-k", text_, "which kind")->check(CLI::IsMember({"retour", "acquit"}));
    auto* get = app_.add_subcommand("get", "one. It's \\fine");
    get->add_option("ID", texts_, "which")->required();
    get->add_flag("--json", flag_, "as JSON");
    app_.add_subcommand("secret", "nobody's business")->group("");
  }
  ProgramInfo program() { return describe(app_, "tool"); }

  CLI::App app_{"a tool"};
  std::string text_;
  std::vector<std::string> texts_;
  bool flag_ = false;
};

TEST_F(PagesTest, DescribesWhatTheCommandLineTakes) {
  const auto commands = program().commands;
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_EQ(commands[0].subcommands, (std::vector<std::string>{"returns", "get"}));
  const auto& list = commands[2];
  EXPECT_EQ(list.path, (std::vector<std::string>{"returns", "list"}));
  const auto& kind = list.options.back();
  EXPECT_EQ(kind.names, (std::vector<std::string>{"--kind", "-k"}));
  EXPECT_TRUE(kind.takes_value);
  EXPECT_EQ(kind.choices, (std::vector<std::string>{"retour", "acquit"}));
  const auto& id = commands[3].options[1];
  EXPECT_TRUE(id.positional && id.required && id.repeats);
  EXPECT_FALSE(commands[3].options[2].takes_value);
}

TEST_F(PagesTest, TheManualHoldsEveryCommandAndOption) {
  const auto page = manual(program(), {.section = 1, .version = "9.9", .summary = "does things"});
  for (const auto* wanted : {".TH TOOL 1", ".SS returns list", ".SS get", "\\-\\-kind, \\-k", "retour|acquit",
                             "which kind", "\\-\\-json", "\\-\\-url", "It's \\efine"})
    EXPECT_THAT(page, HasSubstr(wanted));
  EXPECT_THAT(page, Not(HasSubstr("secret")));
}

TEST_F(PagesTest, TroffSeesNoRequestInText) {
  EXPECT_EQ(troff(".TH\n'x\\y-z"), "\\&.TH\n\\&'x\\ey\\-z");
}

TEST_F(PagesTest, AFilePageKeepsTheSamplesLinesAndSections) {
  const auto page = file_manual("tool.toml", "# words\nport = 1\n[http]\nlisten = \"x\"\n", {.section = 5});
  EXPECT_THAT(page, HasSubstr(".nf\n# words\nport = 1\n.fi\n.SH \"[http]\"\n.nf\nlisten = \"x\"\n"));
}

/// What bash itself offers for a line whose last word is being typed.
std::string completed(const std::string& script, const std::vector<std::string>& words) {
  std::string command = "COMP_WORDS=(";
  for (const auto& word : words)
    command += "'" + word + "' ";
  command += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; _tool; echo ${COMPREPLY[*]}";
  const std::string line = "bash -c \"$DEMAT_PAGES_SCRIPT\"";
  setenv("DEMAT_PAGES_SCRIPT", (script + command).c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(line.c_str(), "r"), pclose);
  std::string out(4096, '\0');
  out.resize(fread(out.data(), 1, out.size(), pipe.get()));
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out;
}

struct Typed {
  std::vector<std::string> words;
  std::string offered;
};

TEST_F(PagesTest, BashCompletes) {
  const auto script = bash_completion(program());
  const std::vector<Typed> cases{
      {{"tool", ""}, "returns get -h --help --url"},
      {{"tool", "re"}, "returns"},
      {{"tool", "returns", ""}, "list --help -h --url"},
      {{"tool", "returns", "list", "--k"}, "--kind"},
      {{"tool", "returns", "list", "--kind", ""}, "retour acquit"},
      {{"tool", "returns", "list", "-k", "a"}, "acquit"},
      {{"tool", "--url", "get", "ge"}, "get"},
      {{"tool", "--url", ""}, ""},
      {{"tool", "get", "--j"}, "--json"},
  };
  for (const auto& typed : cases) {
    auto sorted = [](const std::string& text) {
      std::istringstream in(text);
      std::vector<std::string> out{std::istream_iterator<std::string>(in), {}};
      std::sort(out.begin(), out.end());
      return out;
    };
    EXPECT_EQ(sorted(completed(script, typed.words)), sorted(typed.offered)) << typed.words.back();
  }
}

TEST_F(PagesTest, ZshAndFishNameTheSame) {
  EXPECT_THAT(zsh_completion(program()), HasSubstr("#compdef tool\n"));
  EXPECT_THAT(zsh_completion(program()), Not(HasSubstr("mapfile")));
  const auto fish = fish_completion(program());
  EXPECT_THAT(fish, HasSubstr("-a returns"));
  EXPECT_THAT(fish, HasSubstr("-l kind -s k -r -f -a 'retour acquit' -d 'which kind'"));
}

}  // namespace
}  // namespace demat::pages
