package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// checkedAtOnce is the size in bytes of the largest file that Open checks before it returns: some 25,000 videos,
// half a second. A larger one would keep the service from answering for as long as it takes to read.
const checkedAtOnce = 64 << 20

// ErrDamaged says that the file of the catalog is damaged. The next Open begins it anew.
var ErrDamaged = errors.New("the catalog is damaged")

// Check checks the whole file where Open left it unchecked, since it is large: some seconds for 100,000 videos.
// Where it is damaged it gets ErrDamaged, and the next Open begins the file anew.
func (c *Catalog) Check(ctx context.Context) error {
	if !c.unchecked.Load() {
		return nil
	}
	err := quickCheck(ctx, c.reader)
	if err == nil {
		c.unchecked.Store(false)
		return nil
	}
	if !unfit(err) {
		return fmt.Errorf("checking the catalog: %w", err)
	}
	err = fmt.Errorf("%w: %w", ErrDamaged, err)
	if mark := os.WriteFile(condemned(c.path), []byte(err.Error()+"\n"), 0o600); mark != nil {
		return errors.Join(err, fmt.Errorf("marking it so: %w", mark))
	}
	return err
}

// quickCheck has SQLite go through all pages.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", errUnfit, verdict)
	}
	return nil
}

// condemned is the name of the file that says why the catalog beside it cannot be used.
func condemned(path string) string { return path + ".damaged" }

// verdictOn is errUnfit with what an earlier Check found, nil where it found nothing.
func verdictOn(path string) error {
	why, err := os.ReadFile(condemned(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", errUnfit, why)
}

// isLarge reports whether a file is left to Check.
func isLarge(path string, limit int64) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > limit
}
