<?php
/**
 * Plugin Name:       Videoteca
 * Description:       Videos of {origin} in articles that any role may write: a trusted oEmbed provider, the script that turns figures into players, and the shortcode [videoteca id=…].
 * Version:           1.0.0
 * Requires at least: 6.0
 * Requires PHP:      7.4
 * Author:            Videoteca
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 *
 * It has no settings and keeps nothing but what oEmbed says of the videos, as transients.
 * Readers' pages ask the installation for embed.js alone; this server asks it about
 * a video at most once an hour, and never waits for it longer than TIMEOUT.
 */

namespace Videoteca;

defined( 'ABSPATH' ) || exit;

/** Origins under which the installation has been published, the present one first. */
const ORIGINS = array( 'ORIGINS' );

/** Twelve digits and letters of Crockford's base 32. */
const ID = '[0-9a-hjkmnp-tv-z]{12}';

/** The path of a video's page, with what is asked of it. */
const PAGE = '[ve]/' . ID . '([?\#].*)?';

/** Seconds that a page may be held up by a lookup. */
const TIMEOUT = 2;

/** Seconds that an answer is good for; one that cannot be had again is kept. */
const FRESH = HOUR_IN_SECONDS;

/** Seconds until a lookup that failed is tried again. */
const RETRY = 5 * MINUTE_IN_SECONDS;

/** Seconds that an answer is kept after an article last needed it. */
const KEPT = 3 * MONTH_IN_SECONDS;

add_action( 'init', __NAMESPACE__ . '\register' );
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\enqueue' );
add_filter( 'script_loader_tag', __NAMESPACE__ . '\load_asynchronously', 10, 2 );
add_filter( 'oembed_dataparse', __NAMESPACE__ . '\frame_alone', 10, 3 );
add_filter( 'http_request_host_is_external', __NAMESPACE__ . '\allow_private_host', 10, 3 );
add_filter( 'http_allowed_safe_ports', __NAMESPACE__ . '\allow_port', 10, 3 );

function register() {
	add_shortcode( 'videoteca', __NAMESPACE__ . '\shortcode' );
	foreach ( ORIGINS as $i => $origin ) {
		$pages = '#^' . pattern( $origin ) . '/' . PAGE . '$#i';
		// WordPress leaves the HTML of a provider that it was told of as it is.
		wp_oembed_add_provider( $pages, ORIGINS[0] . '/oembed', true );
		// It keeps what a provider once answered with the article for ever, failures
		// and frames without rights too; a handler is asked first, each time.
		wp_embed_register_handler( 'videoteca-' . $i, $pages, __NAMESPACE__ . '\frame' );
	}
}

/** What stands for an address on a line of its own; false leaves it to WordPress. */
function frame( $matches, $attributes, $url ) {
	$limits = array_filter( array( 'maxwidth' => (int) $attributes['width'], 'maxheight' => (int) $attributes['height'] ) );
	$html   = lookup( $url, $limits )['html'];
	return '' === $html ? false : $html;
}

/**
 * The script finds figures by their shape, so those are turned into players too
 * that were saved by roles whose script elements WordPress takes out. It is on
 * every page, because figures may stand in widgets and lists of articles.
 */
function enqueue() {
	if ( function_exists( 'amp_is_request' ) && amp_is_request() ) {
		return; // AMP forbids it, and the figure is a linked picture
	}
	wp_enqueue_script( 'videoteca', ORIGINS[0] . '/embed.js', array(), null, true ); // no version: the address is the permanent one
}

/** A script that is not asynchronous would hold up the page while the installation is down. */
function load_asynchronously( $tag, $handle ) {
	return 'videoteca' === $handle ? str_replace( ' src=', ' async src=', $tag ) : $tag;
}

/**
 * Whoever WordPress does not trust has a link stand in a quotation until the frame
 * has spoken. The frame of a trusted provider is there at once.
 */
function frame_alone( $html, $data, $url ) {
	return is_public_page( $url ) ? without_quotation( (string) $html ) : $html;
}

function without_quotation( $html ) {
	return preg_replace( '#^\s*<blockquote>.*?</blockquote>#s', '', $html );
}

/**
 * WordPress asks private addresses and unusual ports for nothing. The newsroom's
 * own server may have such; its public pages, and no others, may be asked.
 */
function allow_private_host( $external, $host, $url ) {
	return $external || is_public_page( $url );
}

function allow_port( $ports, $host, $url ) {
	return is_public_page( $url ) ? array_merge( $ports, array( (int) wp_parse_url( $url, PHP_URL_PORT ) ) ) : $ports;
}

function is_public_page( $url ) {
	foreach ( ORIGINS as $origin ) {
		if ( preg_match( '#^' . pattern( $origin ) . '/(oembed\?.*|' . PAGE . ')$#Di', $url ) ) {
			return true;
		}
	}
	return false;
}

/** A pattern for an origin. Links may be written with http, from before there was https. */
function pattern( $origin ) {
	return 'https?://' . preg_quote( substr( $origin, strpos( $origin, '://' ) + 3 ), '#' );
}

/**
 * [videoteca id=7k3mzq9x0abd start=10 end=20 captions=es lang=es theme=dark ratio=16:9 prefer=copy]
 *
 * It prints the figure that embed.js knows, which in feeds, in mail and without
 * scripts is a captioned, linked picture.
 */
function shortcode( $attributes ) {
	$attributes = array_map( 'strval', (array) $attributes );
	$id         = strtolower( isset( $attributes['id'] ) ? trim( $attributes['id'] ) : '' );
	if ( ! preg_match( '/^' . ID . '$/D', $id ) ) {
		return '<!-- videoteca: the shortcode has no id of a video -->';
	}
	$options = options( $attributes );
	$address = address( '/v/' . $id, $options );
	$title   = lookup( $address )['title'];
	$shape   = shape( isset( $options['ratio'] ) ? $options['ratio'] : '16:9' );
	return sprintf(
		'<figure class="videoteca"%1$s style="margin:0 0 1em"><a href="%2$s"><img src="%3$s" alt="%4$s" width="%5$d" height="%6$d" loading="lazy" decoding="async" style="%7$s"></a><figcaption><a href="%2$s" dir="auto">%4$s</a></figcaption></figure>',
		isset( $options['lang'] ) ? ' lang="' . esc_attr( $options['lang'] ) . '"' : '',
		esc_url( $address ),
		esc_url( ORIGINS[0] . '/p/' . $id . '/640.jpg' ),
		esc_attr( '' === $title ? $address : $title ),
		$shape['width'],
		$shape['height'],
		esc_attr( $shape['style'] )
	);
}

/** What is asked of the embed. Unknown names and bad values are left out, as in its own addresses. */
function options( array $attributes ) {
	$tag     = '/^(?=.{1,35}$)[a-z]{2,8}(-[a-z0-9]{1,8})*$/Di'; // BCP 47
	$known   = array(
		'captions' => $tag,
		'end'      => '/^[0-9]{1,7}$/D',
		'lang'     => $tag,
		'prefer'   => '/^(source|copy)$/D',
		'ratio'    => '/^(16:9|9:16|4:3|1:1)$/D',
		'start'    => '/^[0-9]{1,7}$/D',
		'theme'    => '/^(light|dark)$/D',
	);
	$options = array();
	foreach ( $known as $name => $form ) {
		if ( isset( $attributes[ $name ] ) && preg_match( $form, $attributes[ $name ] ) ) {
			$options[ $name ] = $attributes[ $name ];
		}
	}
	if ( isset( $options['end'] ) && (int) $options['end'] <= (int) ( isset( $options['start'] ) ? $options['start'] : 0 ) ) {
		unset( $options['end'] );
	}
	return $options;
}

function address( $path, array $options ) {
	$query = str_replace( '%3A', ':', http_build_query( $options, '', '&' ) );
	return ORIGINS[0] . $path . ( '' === $query ? '' : '?' . $query );
}

/** The size and style by which the page does not move when the player comes. */
function shape( $ratio ) {
	list( $across, $down ) = array_map( 'intval', explode( ':', $ratio ) );
	$width                 = $across < $down ? 360 : 640; // pixels; a vertical video of 640 would not fit a screen
	return array(
		'width'  => $width,
		'height' => intdiv( $width * $down, $across ),
		'style'  => 'display:block;width:100%;' . ( $across < $down ? 'max-width:360px;' : '' ) . "height:auto;aspect-ratio:$across/$down;object-fit:cover",
	);
}

/**
 * What the installation's oEmbed says of an address: its title and its HTML, each
 * empty while it is not known. Whoever finds it out of date claims the lookup first,
 * so that the readers of one moment do not all wait for an installation that is down.
 */
function lookup( $address, array $limits = array() ) {
	$query = http_build_query( array( 'format' => 'json', 'url' => $address ) + $limits, '', '&' );
	$key   = 'videoteca_' . md5( $query );
	$known = get_transient( $key );
	if ( ! isset( $known['title'], $known['html'], $known['until'] ) ) {
		$known = array( 'title' => '', 'html' => '', 'until' => 0 );
	}
	if ( time() < $known['until'] ) {
		return $known;
	}
	remember( $key, $known, RETRY );
	$answer = wp_remote_get(
		ORIGINS[0] . '/oembed?' . $query,
		array( 'timeout' => TIMEOUT, 'redirection' => 0, 'limit_response_size' => 65536 ) // bytes
	);
	$status = wp_remote_retrieve_response_code( $answer );
	$said   = json_decode( wp_remote_retrieve_body( $answer ), true );
	if ( 200 === $status && isset( $said['title'], $said['html'] ) && is_string( $said['title'] ) && is_string( $said['html'] ) ) {
		return remember( $key, array( 'title' => $said['title'], 'html' => without_quotation( $said['html'] ) ), FRESH );
	}
	if ( 404 === $status ) { // taken down: what was known of it is not told any longer
		return remember( $key, array( 'title' => '', 'html' => '' ), RETRY );
	}
	return $known;
}

function remember( $key, array $known, $seconds ) {
	$known['until'] = time() + $seconds;
	set_transient( $key, $known, KEPT );
	return $known;
}
