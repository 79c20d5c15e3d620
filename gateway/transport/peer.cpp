#include "gateway/transport/peer.hpp"

#include "gateway/transport/errors.hpp"
#include "gateway/transport/ftp_peer.hpp"
#include "gateway/transport/prefecture_peer.hpp"
#include "gateway/transport/sftp_peer.hpp"

namespace demat::transport {

void Transcript::add(std::string_view line) {
  constexpr std::size_t longest = 65'536;
  if (text_.size() >= longest) return;
  text_ += printable(line);
  text_ += '\n';
}

std::unique_ptr<Peer> make_peer(const config::Destination& destination) {
  if (destination.mode == config::LinkMode::prefecture) return std::make_unique<PrefecturePeer>(destination);
  if (destination.mode == config::LinkMode::passtrans_sftp) return std::make_unique<SftpPeer>(destination);
  return std::make_unique<FtpPeer>(destination);
}

}  // namespace demat::transport
