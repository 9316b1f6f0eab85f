package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"videoteca/archive/archivetest"
	"videoteca/embeds"
	"videoteca/web"
)

// press is a newsroom's WordPress beside its Videoteca, with a reader.
type press struct {
	*wordpress
	platform *archivetest.Server
	service  *service
	video    web.APIVideo
	forms    map[string]string // of the snippet, by kind
	reader   *browser
}

// TestWordPress shows to a reader what each role has saved, first as WordPress is
// by itself and then with the plugin.
func TestWordPress(t *testing.T) {
	s, token := newSiteAside(t), web.NewToken()
	video := s.add(t, archivetest.NewYorkID)
	service := serve(t, s.args("--token", token)...)
	w := startWordPress(t)
	t.Logf("WordPress %s", w.Version)
	p := &press{
		wordpress: w, platform: s.platform, service: service, video: video,
		forms: snippets(t, service, token, video.ID, "lang=es"), reader: newBrowser(t),
	}

	p.part("an administrator's paste is one block, and plays", (*press).paste)
	p.part("an editor's figure plays", func(p *press) {
		p.playsInPlace(p.publish("editor", "Editor's figure", p.forms[embeds.SnippetWordPress]).Link)
	})
	laundered := p.publish("author", "La reunión de Nueva York", p.forms[embeds.SnippetWordPress])
	p.part("an author's figure is a linked picture", func(p *press) { p.linkedPicture(laundered) })
	p.part("a frame", (*press).frame)
	end := w.allowPort(portOf(t, service.URL))
	address := p.publish("author", "Author's address", embedBlock(p.forms[embeds.SnippetOEmbed]))
	p.part("an address without the plugin", func(p *press) { p.sandboxed(address) })
	end()

	p.part("the plugin", (*press).plugin)
	p.part("an author's figure, saved before, plays with the plugin", func(p *press) {
		p.playsInPlace(laundered.Link)
		p.reader.picture("wordpress-article.png", "main")
	})
	p.part("an author's address, saved before, plays with the plugin", func(p *press) { p.trusted(address) })
	p.part("an address with the plugin", func(p *press) {
		p.trusted(p.publish("author", "Author's address", embedBlock(p.forms[embeds.SnippetOEmbed])))
	})
	p.part("an administrator's address and shortcode", func(p *press) {
		p.trusted(p.publish("admin", "Administrator's address", embedBlock(p.forms[embeds.SnippetOEmbed])))
		p.playsInPlace(p.publish("admin", "Administrator's shortcode", "<!-- wp:shortcode -->\n[videoteca id="+p.video.ID+" lang=es]\n<!-- /wp:shortcode -->").Link)
	})
	p.part("the editor's preview of an address", (*press).preview)
	p.part("the shortcode", (*press).shortcode)
	p.part("the shortcode with options", (*press).shortcodeOptions)
	p.part("the shortcode with the installation down", (*press).shortcodeAlone)
	if got := w.complaints(); len(got) > 0 {
		t.Errorf("PHP complains of the plugin: %q", got)
	}
}

// part runs a part of the test, which reports to a T of its own.
func (p *press) part(name string, run func(*press)) {
	whole := p.T
	whole.Run(name, func(t *testing.T) {
		p.T, p.reader.T = t, t
		defer func() { p.T, p.reader.T = whole, whole }()
		run(p)
	})
}

// linkedPicture is what is left of form 1 where WordPress has taken out the script:
// all that a reader needs, and all that embed.js would need.
func (p *press) linkedPicture(saved post) {
	p.Helper()
	p.Logf("an author's figure is saved as\n%s", saved.Content.Raw)
	for _, gone := range []string{"<script", "srcset", "sizes="} {
		if strings.Contains(saved.Content.Raw, gone) {
			p.Errorf("an author may save %s: %s", gone, saved.Content.Raw)
		}
	}
	p.open(saved.Link)
	p.reader.until("looking for the picture", fmt.Sprintf("document.querySelector('figure a[href^=%q] img[src$=\"/640.jpg\"][width=\"640\"][alt]')?.naturalWidth > 0", p.service.URL+"/v/"+p.video.ID))
	if got := p.reader.text("figure figcaption"); !strings.Contains(got, p.video.Title) {
		p.Errorf("the caption is %q", got)
	}
	p.reader.picture("wordpress-author.png", "main")
	p.reader.until("looking for a player", shadow+" === undefined && !document.querySelector('script[src$=\"/embed.js\"]')")
}

// paste is done in the block editor, where an administrator's clipboard holds what
// the snippet's button has put there.
func (p *press) paste() {
	admin := newBrowser(p.T)
	admin.signIn(p.wordpress, "admin")
	admin.do("opening the editor", chromedp.Navigate(p.URL+"/wp-admin/post-new.php"))
	admin.until("waiting for the editor", "window.wp?.blocks?.getBlockType('core/html') && document.querySelector('.block-editor-writing-flow')")
	admin.do("sending the guide away", chromedp.Evaluate[chromedp.Void]("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false), undefined"))
	text, err := json.Marshal(withoutWarning(p.forms[embeds.SnippetWordPress]))
	if err != nil {
		p.Fatal(err)
	}
	blocks, err := chromedp.Run(admin.ctx, chromedp.Evaluate[string](fmt.Sprintf(`
		window.pasted = wp.blocks.pasteHandler({HTML: '', plainText: %s, mode: 'AUTO'});
		wp.data.dispatch('core/block-editor').insertBlocks(pasted);
		wp.data.dispatch('core/editor').editPost({title: 'La reunión de Nueva York'});
		pasted.map((one) => one.name + ' ' + one.isValid).join()`, text)))
	if err != nil || blocks != "core/html true" {
		p.Fatalf("the paste became %s (%v)", blocks, err)
	}
	if *pictures != "" {
		admin.do("waiting for the editor to settle", chromedp.Sleep(time.Second))
		admin.picture("wordpress-editor.png", "body")
	}
	link, err := chromedp.Run(admin.ctx, chromedp.Evaluate[string](`(async () => {
		await wp.data.dispatch('core/editor').editPost({status: 'publish'});
		await wp.data.dispatch('core/editor').savePost();
		return wp.data.select('core/editor').getPermalink();
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatal(err)
	}
	p.playsInPlace(link)
}

// withoutWarning is a snippet without the comment that it works on this computer alone.
func withoutWarning(snippet string) string {
	var kept []string
	for line := range strings.Lines(snippet) {
		if !strings.HasPrefix(line, "<!-- ") || strings.Contains(line, "wp:html") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// frame is form 2: an iframe is for roles that may save any HTML.
func (p *press) frame() {
	block := "<!-- wp:html -->\n" + p.forms[embeds.SnippetFrame] + "\n<!-- /wp:html -->"
	saved := p.publish("author", "Author's frame", block)
	if strings.Contains(saved.Content.Raw, "<iframe") || strings.Contains(saved.Content.Raw, p.video.ID) {
		p.Errorf("of an author's frame is left %s", saved.Content.Raw)
	}
	p.playsInFrame(p.publish("admin", "Administrator's frame", block).Link)
}

// sandboxed is form 5 where WordPress trusts nobody: its frame has no origin, so no
// platform's player works in it, and the poster leads to the watch page.
func (p *press) sandboxed(saved post) {
	source := pageSource(p.T, saved.Link)
	if !strings.Contains(source, `sandbox="allow-scripts"`) || strings.Contains(source, "allowfullscreen") {
		p.Errorf("WordPress shows the address as %s", source)
	}
	p.open(saved.Link)
	// The frame tells its height; only then WordPress puts it in the place of the quoted link.
	p.reader.until("waiting for the frame", "document.querySelector('blockquote.wp-embedded-content').style.display === 'none' && document.querySelector('iframe.wp-embedded-content').getAttribute('style') === null")
	p.unasked()
	for deadline := time.Now().Add(framePatience); ; {
		p.reader.do("clicking the poster", chromedp.Click(chromedp.CSS("iframe.wp-embedded-content")), chromedp.Sleep(500*time.Millisecond))
		at, err := chromedp.Run(p.reader.ctx, chromedp.Location())
		if err == nil && strings.HasPrefix(at, p.service.URL+"/v/"+p.video.ID) {
			break
		}
		if time.Now().After(deadline) {
			p.Fatalf("the poster leads to %s (%v)", at, err)
		}
	}
	p.reader.do("waiting for the watch page", chromedp.WaitVisible(chromedp.CSS("button.play")))
}

// embedBlock is what the editor makes of an address on a line of its own.
func embedBlock(address string) string {
	return `<!-- wp:embed {"url":"` + address + `"} --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">` + "\n" + address + "\n</div></figure><!-- /wp:embed -->"
}

// plugin is downloaded and taken as an administrator's upload is.
func (p *press) plugin() {
	p.install([]byte(pageSource(p.T, p.service.URL+"/wordpress.zip")))
	file := filepath.Join(p.folder, "site", "wp-content", "plugins", "videoteca", "videoteca.php")
	if out, err := exec.CommandContext(p.Context(), "php", "-l", file).CombinedOutput(); err != nil {
		p.Errorf("php -l: %v\n%s", err, out)
	}
	home := pageSource(p.T, p.URL)
	if strings.Count(home, p.service.URL+"/embed.js") != 1 || !strings.Contains(home, " async src='"+p.service.URL+"/embed.js'") {
		p.Errorf("the script is not once on every page:\n%s", home)
	}
	if *pictures != "" {
		admin := newBrowser(p.T)
		admin.signIn(p.wordpress, "admin")
		admin.do("opening the plugins", chromedp.Navigate(p.URL+"/wp-admin/plugins.php"))
		admin.picture("wordpress-plugin.png", "body")
	}
}

// trusted is the same form where WordPress knows the installation.
func (p *press) trusted(saved post) {
	if source := pageSource(p.T, saved.Link); strings.Contains(source, "sandbox=") || strings.Contains(source, "<blockquote>") || !strings.Contains(source, "allowfullscreen") {
		p.Errorf("WordPress shows the address as %s", source)
	}
	p.playsInFrame(saved.Link)
}

// preview is what the block editor shows and takes the frame's shape from.
func (p *press) preview() {
	var answer struct{ HTML, Title string }
	raw := p.php(`wp_set_current_user( 1 );
		$request = new WP_REST_Request( 'GET', '/oembed/1.0/proxy' );
		$request->set_param( 'url', '` + p.forms[embeds.SnippetOEmbed] + `' );
		echo wp_json_encode( rest_do_request( $request )->get_data() );`)
	if err := json.Unmarshal([]byte(raw), &answer); err != nil {
		p.Fatalf("%v in %s", err, raw)
	}
	if answer.Title != p.video.Title || !strings.HasPrefix(answer.HTML, "<iframe") || strings.Contains(answer.HTML, "sandbox") || !strings.Contains(answer.HTML, "allowfullscreen") {
		p.Errorf("the editor previews %s", raw)
	}
}

func (p *press) shortcode() {
	saved := p.publish("author", "Author's shortcode", "<!-- wp:shortcode -->\n[videoteca id="+p.video.ID+" lang=es]\n<!-- /wp:shortcode -->")
	if !strings.Contains(pageSource(p.T, saved.Link), `<figcaption><a href="`+p.service.URL+"/v/"+p.video.ID+`?lang=es" dir="auto">`+p.video.Title+"</a></figcaption>") {
		p.Errorf("the page shows %s", pageSource(p.T, saved.Link))
	}
	p.playsInPlace(saved.Link)
	_, item, _ := strings.Cut(pageSource(p.T, p.URL+"/?feed=rss2"), "Author&#8217;s shortcode")
	item, _, _ = strings.Cut(item, "</item>")
	if !strings.Contains(item, `<img src="`+p.service.URL+"/p/"+p.video.ID+`/640.jpg"`) || strings.Contains(item, "<script") {
		p.Errorf("the feed holds %s", item)
	}
}

func (p *press) shortcodeOptions() {
	for options, want := range map[string]string{
		"start=30 end=90 captions=es theme=dark ratio=9:16 prefer=copy":             "?captions=es&#038;end=90&#038;prefer=copy&#038;ratio=9:16&#038;start=30&#038;theme=dark",
		"start=90 end=30 captions=- theme=sepia ratio=2:1 prefer=best colour=red":   "?start=90",
		`lang='"&gt;&lt;script&gt;alert(1)&lt;/script&gt;' theme='dark" onload="x'`: "",
		`lang='es" onmouseover="x'`: "",
	} {
		saved := p.publish("author", "Options", "<!-- wp:shortcode -->\n[videoteca id="+strings.ToUpper(p.video.ID)+" "+options+"]\n<!-- /wp:shortcode -->")
		if source := pageSource(p.T, saved.Link); !strings.Contains(source, `<figure class="videoteca" style="margin:0 0 1em"><a href="`+p.service.URL+"/v/"+p.video.ID+want+`">`) {
			p.Errorf("%s: the page shows %s", options, source)
		}
	}
	if source := pageSource(p.T, p.publish("author", "No id", `[videoteca id="../../x"]`).Link); strings.Contains(source, "../x") || !strings.Contains(source, "<!-- videoteca: ") {
		p.Errorf("of a wrong id the page shows %s", source)
	}
}

// shortcodeAlone is what readers see of it while nobody answers: a title that was
// known once stays, one that never was is the address, and no page waits long.
func (p *press) shortcodeAlone() {
	framed := p.publish("author", "Framed", embedBlock(p.forms[embeds.SnippetOEmbed]))
	known := p.publish("author", "Known", "[videoteca id="+p.video.ID+" lang=es]")
	p.service.Stop(p.T)
	p.platform.Close()
	unknown := p.publish("author", "Unknown", "[videoteca id="+p.video.ID+" start=5]")
	if source := pageSource(p.T, framed.Link); !strings.Contains(source, ` src="`+p.service.URL+"/e/"+p.video.ID) {
		p.Errorf("a known frame is lost: %s", source)
	}
	if source := pageSource(p.T, known.Link); !strings.Contains(source, `dir="auto">`+p.video.Title+"</a>") {
		p.Errorf("a known title is lost: %s", source)
	}
	address := p.service.URL + "/v/" + p.video.ID + "?start=5"
	if source := pageSource(p.T, unknown.Link); !strings.Contains(source, `<figcaption><a href="`+address+`" dir="auto">`+address+"</a>") {
		p.Errorf("without a title the page shows %s", source)
	}
	began := time.Now()
	pageSource(p.T, unknown.Link)
	if took := time.Since(began); took > 2*time.Second {
		p.Errorf("with the installation down a page takes %s", took)
	}
}
