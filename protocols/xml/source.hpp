#pragma once

#include "protocols/base/byte_source.hpp"

namespace demat::xml {

using demat::ByteSource;
using demat::MemorySource;

}  // namespace demat::xml
