package main

import "context"

// troubleQuota is under which name the store counts what readers' reports have asked in a day.
const troubleQuota = "trouble-reports"

// troubleAllowance implements audit.Allowance on the store's quota documents.
type troubleAllowance struct {
	quota *dailyQuota
	store bucketQuota
}

// Day implements audit.Allowance.
func (a troubleAllowance) Day() string { return a.quota.today() }

// Reserve implements audit.Allowance.
func (a troubleAllowance) Reserve(ctx context.Context, day string, n, limit int) (int, error) {
	return a.store.ReserveQuota(ctx, troubleQuota, day, n, limit)
}
