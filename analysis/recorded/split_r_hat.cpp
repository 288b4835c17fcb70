#include "analysis/recorded/split_r_hat.hpp"

#include <cmath>

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"

namespace kramers::analysis {

Table split_r_hat_table(const sde::Tally& tally, std::uint64_t samples) {
  const double n = double(samples / 2);
  Table table{
      tally.shape.name,
      tally.shape.meaning,
      {tally.shape.axes[0]},
      {{"r_hat", "split R-hat", {"quantity"}, {}}, {"r_hat_error", "standard error of split R-hat", {"quantity"}, {}}}};
  for (std::size_t q = 0; q < tally.shape.size(); q += 4) {
    const Eigen::MatrixXd sums = tally_columns(tally, q, 4);
    const double halves = sums.col(0).sum();
    const Estimate r_hat = jackknife(sums.rightCols(3), sums.col(0), [&](const Eigen::VectorXd& means) {
      const double between = (means[1] - means[0] * means[0]) * halves / (halves - 1), within = means[2];
      return std::sqrt((n - 1) / n + between / within);
    });
    table.fields[0].values.push_back(r_hat.value);
    table.fields[1].values.push_back(r_hat.error);
  }
  return table;
}

}  // namespace kramers::analysis
