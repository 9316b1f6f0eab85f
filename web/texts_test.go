package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/BurntSushi/toml"
)

// textCall is a place where a text is asked for.
type textCall struct {
	at     string
	id     string   // or, of an id that is put together, what it begins with
	prefix bool     // whether it is only that
	names  []string // of the values that the call gives
}

// covers reports whether a call may ask for the text of an id.
func (c textCall) covers(id string) bool {
	return c.id == id || c.prefix && c.id != "" && strings.HasPrefix(id, c.id)
}

// placeholdersOf are the placeholders of every text in any of its forms and languages.
func placeholdersOf(t *testing.T) map[string][]string {
	t.Helper()
	paths, err := fs.Glob(files, "locales/*.toml")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	found := map[string][]string{}
	placeholder := regexp.MustCompile(`{{-?\s*\.(\w+)`)
	var walk func(id string, value any)
	walk = func(id string, value any) {
		switch value := value.(type) {
		case string:
			for _, match := range placeholder.FindAllStringSubmatch(value, -1) {
				if !slices.Contains(found[id], match[1]) {
					found[id] = append(found[id], match[1])
				}
			}
		case map[string]any:
			for name, part := range value {
				next := strings.TrimPrefix(id+"."+name, ".")
				if _, text := part.(string); text && slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, name) {
					next = id
				}
				walk(next, part)
			}
		}
	}
	for _, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(data, &tree); err != nil {
			t.Fatal(path, err)
		}
		walk("", tree)
	}
	return found
}

// templateCalls are the calls of T in the templates. What is called on $r is a report, with texts of its own.
func templateCalls(t *testing.T) (calls []textCall) {
	t.Helper()
	loaded, err := loadPages()
	if err != nil {
		t.Fatal(err)
	}
	for page, set := range loaded.byName {
		for _, one := range set.Templates() {
			if one.Tree == nil {
				continue
			}
			for _, command := range commandsOf(one.Tree.Root) {
				if c, ok := templateCall(command); ok {
					c.at = page + ": " + command.String()
					calls = append(calls, c)
				}
			}
		}
	}
	return calls
}

// commandsOf are all commands under a node.
func commandsOf(node parse.Node) (found []*parse.CommandNode) {
	pipe := func(p *parse.PipeNode) {
		if p == nil {
			return
		}
		for _, c := range p.Cmds {
			found = append(found, c)
			for _, arg := range c.Args {
				found = append(found, commandsOf(arg)...)
			}
		}
	}
	branch := func(b *parse.BranchNode) {
		pipe(b.Pipe)
		for _, list := range []*parse.ListNode{b.List, b.ElseList} {
			if list != nil {
				found = append(found, commandsOf(list)...)
			}
		}
	}
	switch node := node.(type) {
	case *parse.ListNode:
		for _, n := range node.Nodes {
			found = append(found, commandsOf(n)...)
		}
	case *parse.ActionNode:
		pipe(node.Pipe)
	case *parse.PipeNode:
		pipe(node)
	case *parse.TemplateNode:
		pipe(node.Pipe)
	case *parse.IfNode:
		branch(&node.BranchNode)
	case *parse.RangeNode:
		branch(&node.BranchNode)
	case *parse.WithNode:
		branch(&node.BranchNode)
	}
	return found
}

func templateCall(c *parse.CommandNode) (textCall, bool) {
	var path []string
	switch called := c.Args[0].(type) {
	case *parse.FieldNode:
		path = called.Ident
	case *parse.VariableNode:
		path = called.Ident
	}
	if len(path) == 0 || path[len(path)-1] != "T" || path[0] == "$r" || len(c.Args) < 2 {
		return textCall{}, false
	}
	var call textCall
	switch id := c.Args[1].(type) {
	case *parse.StringNode:
		call.id = id.Text
	case *parse.PipeNode: // (print "state." .State)
		call.prefix = true
		if args := id.Cmds[0].Args; len(args) > 1 {
			if first, ok := args[1].(*parse.StringNode); ok {
				call.id = first.Text
			}
		}
	default:
		call.prefix = true
	}
	for i := 2; i < len(c.Args); i += 2 {
		if name, ok := c.Args[i].(*parse.StringNode); ok {
			call.names = append(call.names, name.Text)
		}
	}
	return call, true
}

// programCalls are the calls of T, says and Text in this package.
func programCalls(t *testing.T) (calls []textCall) {
	t.Helper()
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	positions := token.NewFileSet()
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(positions, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				// An id that is put together without values is one of a few, of which the program knows that they need none.
				if c, ok := programCall(call); ok && (!c.prefix || len(c.names) > 0) {
					c.at = positions.Position(call.Pos()).String()
					calls = append(calls, c)
				}
			}
			return true
		})
	}
	return calls
}

func programCall(call *ast.CallExpr) (textCall, bool) {
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || call.Ellipsis.IsValid() {
		return textCall{}, false
	}
	args := call.Args
	switch {
	case (called.Sel.Name == "T" || called.Sel.Name == "says") && len(args) > 0:
	case called.Sel.Name == "Text" && len(args) > 1: // of a language
		args = args[1:]
	default:
		return textCall{}, false
	}
	c := textCall{prefix: true}
	id := args[0]
	for {
		sum, ok := id.(*ast.BinaryExpr)
		if !ok {
			break
		}
		id = sum.X
	}
	if c.id, ok = literal(id); ok {
		c.prefix = id != args[0]
	}
	for i := 1; i < len(args); i += 2 {
		if name, ok := literal(args[i]); ok {
			c.names = append(c.names, name)
		}
	}
	return c, true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// A text whose placeholder nobody fills in says "<no value>" to readers.
func TestEveryCallerGivesATextWhatItsPlaceholdersName(t *testing.T) {
	calls := append(templateCalls(t), programCalls(t)...)
	if len(calls) < 500 {
		t.Fatalf("only %d calls are found", len(calls))
	}
	for id, placeholders := range placeholdersOf(t) {
		asked := false
		for _, c := range calls {
			if c.id == "" && !slices.ContainsFunc(placeholders, func(name string) bool { return !slices.Contains(c.names, name) }) {
				asked = true // its id stands in a variable
			}
			if !c.covers(id) {
				continue
			}
			asked = true
			for _, name := range placeholders {
				if !slices.Contains(c.names, name) {
					t.Errorf("%s gives %q no value for {{.%s}}", c.at, id, name)
				}
			}
		}
		if !asked {
			t.Errorf("nobody asks for %q with its values", id)
		}
	}
}
