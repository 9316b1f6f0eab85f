package stock

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
)

// Program is the binary that is measured: the one named, or one built from this tree into a folder.
func Program(ctx context.Context, named, folder string) (string, error) {
	if named != "" {
		return named, nil
	}
	built := filepath.Join(folder, "videoteca")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", built, "videoteca/cmd/videoteca").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, out)
	}
	return built, nil
}

// FreeAddress is an address on which nobody listens at present.
func FreeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
