// Package safehttp is the HTTP client for every address that came from outside:
// pasted by an editor, found in a page, named by a playlist or a redirect.
//
// The attack is server-side request forgery: somebody registers
// "http://169.254.169.254/latest/meta-data" or a name whose DNS record points to
// 10.0.0.5, and the server fetches from its own network what they could not.
// The address is therefore judged when the connection is dialled, after
// resolution, for every hop anew; a check before resolution could be outrun by
// a DNS record that changes in between.
//
// Reached are public unicast addresses on ports 80, 443 and 1024 to 65535. Other
// ports below 1024 belong to mail, shells and name servers, which may take a
// request line for a command. Whatever else is wanted, such as the demo's
// platform or a newsroom's own media server, is named in Options.Allow.
package safehttp
