#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kramers::analysis {

/// The known name that was probably meant, by Damerau-Levenshtein distance without regard to case, '_' and '-'; empty
/// when none is near (more than a third of the letters differ).
std::string nearest_name(std::string_view given, const std::vector<std::string>& known);

/// "; did you mean 'batch_size'?", or ";" when no name is near: goes between "is unknown" and " allowed: ...".
std::string did_you_mean(std::string_view given, const std::vector<std::string>& known);

}  // namespace kramers::analysis
