#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rig/process.hpp"

/// The program itself: what its command line takes and what it ends with (README.md, exits).
namespace demat::ctl {
namespace {

using testing::HasSubstr;

struct Line {
  const char* name;
  std::vector<std::string> arguments;
  int exit;
  const char* said;
};
void PrintTo(const Line& line, std::ostream* out) {
  *out << line.name;
}

class CommandLineTest : public testing::TestWithParam<Line> {};

TEST_P(CommandLineTest, EndsAsDocumented) {
  const rig::TempFolder folder;
  std::vector<std::string> arguments{"/usr/bin/env", "-i", "HOME=" + folder.path().string(),
                                     DEMATCTL_PROGRAM};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  const auto log = folder.path() / "log";
  EXPECT_EQ(rig::run(arguments, log), GetParam().exit) << rig::read_file(log);
  EXPECT_THAT(rig::read_file(log), HasSubstr(GetParam().said));
}

const std::string nowhere = "https://localhost:1";
INSTANTIATE_TEST_SUITE_P(
    Cases, CommandLineTest,
    testing::Values(
        Line{"Nothing", {}, 2, "subcommand"}, Line{"Help", {"--help"}, 0, "submit"},
        Line{"HelpNamesExits", {"--help"}, 0, "doublon"},
        Line{"HelpOfCommand", {"replay", "--help"}, 0, "--reason"},
        Line{"UnknownCommand", {"sumbit"}, 2, "sumbit (submit ?)"},
        Line{"UnknownOption", {"status", "--x"}, 2, "--x"}, Line{"MissingId", {"get"}, 2, "ID"},
        Line{"MissingReason", {"cancel", "f"}, 2, "--reason"},
        Line{"MissingOutcome", {"resolve", "f", "--reason", "r"}, 2, "--outcome"},
        Line{"WrongOutcome", {"resolve", "f", "--reason", "r", "--outcome", "perhaps"}, 2, "perhaps"},
        Line{"Contradiction", {"fetch", "f", "--acquit", "--list"}, 2, "excludes"},
        Line{"ActeWithoutFile",
             {"acte", "submit", "--number", "1", "--date", "2026-03-02", "--nature", "1", "--matieres", "7.1",
              "--object", "x", "--type", "99_DE"},
             2,
             "--acte"},
        Line{"SubmitNothing", {"submit"}, 2, "FILE"},
        Line{"EnvelopeWithoutFile", {"submit", "envelope"}, 2, "FILE"},
        Line{"SubmitEnvelope",
             {"--url", nowhere, "submit", "envelope", DEMAT_SOURCE_DIR "/README.md"},
             7,
             "ctl.network"},
        Line{"SubmitActe", {"submit", "acte", "--number", "1"}, 2, "--date"},
        Line{"SubmitFiles", {"--url", nowhere, "submit", DEMAT_SOURCE_DIR "/README.md"}, 7, "ctl.network"},
        Line{"AnnulOneOfMany", {"--url", nowhere, "acte", "annul", "f", "--acte", "2"}, 7, "ctl.network"},
        Line{"WrongLetterState", {"letter", "list", "--state", "lost"}, 2, "lost"},
        Line{"AnswerThenId",
             {"--url", nowhere, "letter", "answer", "--message", "3-4", "--document",
              DEMAT_SOURCE_DIR "/README.md:99_DE", "l1"},
             7,
             "ctl.network"},
        Line{"PaperContradiction",
             {"authority", "actes", "123456782", "--paper", "--no-paper"},
             2,
             "excludes"},
        Line{"EmptiesSettings",
             {"--url", nowhere, "authority", "actes", "123456782", "--address", "", "--convention", ""},
             7,
             "ctl.network"},
        Line{"GroupAlone", {"authority"}, 2, "subcommand"}, Line{"NoUrl", {"status"}, 2, "ctl.url"},
        Line{"ClearText", {"--url", "http://localhost", "status"}, 2, "ctl.url"},
        Line{"NobodyThere", {"--url", nowhere, "status"}, 7, "ctl.network"},
        Line{"OptionsAfterTheCommand", {"status", "--url", nowhere, "--json"}, 7, "\"exit\":7"},
        Line{"WatchIds", {"--url", nowhere, "list", "--state", "sent,ready"}, 7, "ctl.network"},
        Line{"WrongSiren", {"--url", nowhere, "authority", "add", "123", "--name", "X"}, 2, "ctl.siren"},
        Line{"WrongCertificate", {"--url", nowhere, "identity", "disable", "/none"}, 2, "ctl.certificate"},
        Line{"LocalNeedsNoGateway", {"schemas", "list", "--folder", DEMAT_SOURCE_DIR "/schemas"}, 0, "5.30"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace demat::ctl
