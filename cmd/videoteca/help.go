package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

type helpCommand struct{}

// Run lists every command with its flags and their environment variables.
func (helpCommand) Run(c console, parser *kong.Kong) error {
	fmt.Fprintln(c.out, "Videoteca keeps the videos that articles point at.")
	fmt.Fprintln(c.out, "\nFlags of every command:")
	writeFlags(c.out, parser.Model.Flags)
	for _, node := range parser.Model.Leaves(true) {
		fmt.Fprintf(c.out, "\nvideoteca %s\n    %s\n", node.Summary(), node.Help)
		writeFlags(c.out, node.Flags)
	}
	fmt.Fprint(c.out, exitHelp)
	return nil
}

const exitHelp = `
Exit codes:
    0  success
    1  something failed
    2  the command line or an input is wrong
    3  the named video or source does not exist
    4  the store cannot be reached
    5  sources are lost, or are as --fail-on says (check, audit, report)
    6  verify found faults that are left

Credentials of an s3:// store come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
and AWS_SESSION_TOKEN, each also as a file named by the same name with _FILE, or
from the shared credentials file (AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE).
Where --store names no endpoint it is AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL,
else that of AWS; where it names no region, AWS_REGION, else AWS_DEFAULT_REGION,
else us-east-1.
`

// flagNames are all names of a flag: other spellings, and what turns off what is on by itself.
func flagNames(f *kong.Flag) string {
	names := append([]string{f.Name}, f.Aliases...)
	if f.Tag.Negatable != "" {
		names = append(names, "no-"+f.Name)
	}
	return "--" + strings.Join(names, ", --")
}

func writeFlags(w io.Writer, flags []*kong.Flag) {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, f := range flags {
		if f.Name == "help" {
			continue
		}
		fmt.Fprintf(tab, "    %s\t%s\t%s\n", flagNames(f), strings.Join(f.Envs, ", "), f.Help)
	}
	tab.Flush()
}
