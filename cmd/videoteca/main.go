// Command videoteca keeps the videos that articles point at: it registers them,
// serves their embeds, and checks whether their sources are still there.
//
// Exit codes: 0 success; 1 something failed; 2 the command line or an input is
// wrong; 3 the named video or source does not exist; 4 the store cannot be
// reached; 5 sources are lost (only with --fail-on-loss or --fail-on); 6 verify found faults that are left.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // in an empty root there are no time zones

	_ "golang.org/x/crypto/x509roots/fallback" // nor any CA roots

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// commands is the command line: one field a verb.
type commands struct {
	Settings

	Serve         serveCommand        `cmd:"" help:"Serve embeds, the newsroom's pages and the API."`
	Add           addCommand          `cmd:"" help:"Register videos by their addresses, or add a mirror with --to."`
	Copy          copyCommand         `cmd:"" help:"Keep a media file that the newsroom holds, with the statement of rights under which it does."`
	Captions      captionsCommand     `cmd:"" help:"Keep captions for copies and media files."`
	Poster        posterCommand       `cmd:"" help:"Keep a picture of the newsroom's own as the poster."`
	Prefer        preferCommand       `cmd:"" help:"Put one source of a video first."`
	List          listCommand         `cmd:"" help:"List the videos, the newest first."`
	Reindex       reindexCommand      `cmd:"" help:"Read the whole store into this machine's catalog anew, after it was restored from a copy, say."`
	Show          showCommand         `cmd:"" help:"Show one video and its sources."`
	Check         checkCommand        `cmd:"" help:"Ask the platforms whether sources are still there (one audit)."`
	Audit         auditCommand        `cmd:"" help:"Ask the platforms about every source, or about those chosen, and record what has changed."`
	Report        reportCommand       `cmd:"" help:"Say what is lost, since when, on what evidence, and which articles that touches."`
	Overrule      overruleCommand     `cmd:"" help:"Say what a source is, above what was computed, and why."`
	Release       releaseCommand      `cmd:"" help:"Let the bad rounds count that the guard holds, because they are true."`
	Tune          tuneCommand         `cmd:"" help:"Show or change how carefully and how often audits ask."`
	ArchivedPages archivePagesCommand `cmd:"" help:"Look for archived pages of the sources once."`
	Retention     retentionCommand    `cmd:"" help:"Keep what platforms return to keyed calls no longer than their terms allow."`
	Snippet       snippetCommand      `cmd:"" help:"Print the markup to paste into an article."`
	Publish       publishCommand      `cmd:"" help:"Write every embed as files that work with the service switched off."`
	Dossier       dossierCommand      `cmd:"" help:"Write all evidence on a video into a zip, with a page to print."`
	User          userCommand         `cmd:"" help:"Manage accounts from this machine."`
	Verify        verifyCommand       `cmd:"" help:"Check that everything in the store is there, whole and as its digests say."`
	Health        healthCommand       `cmd:"" help:"Ask a running service whether it is well."`
	Version       versionCommand      `cmd:"" help:"Print the version."`
	Help          helpCommand         `cmd:"" help:"List every command, flag, environment variable and exit code."`
}

// run parses and executes one command line and returns the exit code.
func run(ctx context.Context, args []string, c console) int {
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("videoteca"),
		kong.Description("Keeps the videos that articles point at."),
		kong.DefaultEnvars("VIDEOTECA"),
		kong.Writers(c.out, c.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { panic(exited(code)) }),
	)
	if err != nil {
		fmt.Fprintln(c.err, "videoteca:", err)
		return exitFailure
	}
	return execute(ctx, parser, &cli, args, c)
}

// exited carries kong's exit through its parser, so that tests can run commands in one process.
type exited int

func execute(ctx context.Context, parser *kong.Kong, cli *commands, args []string, c console) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			code = int(r)
		default:
			panic(r)
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(c.err, "videoteca: %v\nRun \"videoteca help\" for the commands and flags.\n", err)
		return exitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&cli.Settings, c, parser); err != nil {
		return explain(c.err, err)
	}
	return exitOK
}
