#pragma once

#include <vector>

namespace kramers::analysis {

/// Distances between two laws on the same cells, p and q, each adding up to 1. Natural logarithms.
/// Throw std::invalid_argument where the sizes differ.

/// TV = sum |p_k - q_k| / 2.
double total_variation(const std::vector<double>& p, const std::vector<double>& q);

/// KL(p || q) = sum p_k ln(p_k / q_k); infinite where q_k = 0 < p_k. [nats]
double kullback_leibler(const std::vector<double>& p, const std::vector<double>& q);

/// KL of the fractions of n independent samples in K cells exceeds that of their law by about (K - 1) / (2 n).
double kullback_leibler_bias(int cells, double samples);

/// (KL(p || m) + KL(q || m)) / 2, m = (p + q) / 2. [nats]
double jensen_shannon(const std::vector<double>& p, const std::vector<double>& q);

/// H^2 = 1 - sum sqrt(p_k q_k).
double squared_hellinger(const std::vector<double>& p, const std::vector<double>& q);

/// W_1 = integral |F - G| dx over one-dimensional bins between `edges` (one more than p), linear inside a bin.
double wasserstein(const std::vector<double>& p, const std::vector<double>& q, const std::vector<double>& edges);

/// KS = max |F - G| at the edges of one-dimensional cells in ascending order.
double kolmogorov_smirnov(const std::vector<double>& p, const std::vector<double>& q);

}  // namespace kramers::analysis
