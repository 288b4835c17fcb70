#include "analysis/recorded/acceptance.hpp"

#include "analysis/statistics/jackknife.hpp"
#include "analysis/statistics/tally_columns.hpp"

namespace kramers::analysis {

Table acceptance_table(const sde::Tally& tally) {
  const Eigen::MatrixXd sums = tally_columns(tally, 0, 2);
  const Estimate mean = jackknife_mean(sums.col(1), sums.col(0));
  return {tally.shape.name,
          tally.shape.meaning,
          {},
          {{"acceptance", "probability with which a proposal is accepted", {}, {mean.value}},
           {"acceptance_error", "standard error of the acceptance", {}, {mean.error}}}};
}

}  // namespace kramers::analysis
