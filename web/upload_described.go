package web

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/internal/people"
)

// uploadOperations describes in the API's description what brings files in.
func uploadOperations(api huma.API) {
	keepOperations(api)
	resumableOperations(api)
}

func textParam(name, in, description string, required bool) *huma.Param {
	return &huma.Param{Name: name, In: in, Required: required, Description: description, Schema: &huma.Schema{Type: "string"}}
}

func binary(media string) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
}

func addOperation(api huma.API, op huma.Operation) {
	op.Extensions = map[string]any{permitted: []people.Permission{people.Edit}}
	op.Tags = []string{tagFiles}
	for _, status := range op.Errors {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/ErrorModel"}}},
		}
	}
	api.OpenAPI().AddOperation(&op)
}

// anyError are what every operation may answer.
func anyError() []int {
	return []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
}

func keepOperations(api huma.API) {
	video := &huma.Schema{Ref: "#/components/schemas/APIVideo"}
	named := &huma.Schema{Type: "object", Required: []string{"upload"}, Properties: map[string]*huma.Schema{
		"upload": {Type: "string", Description: "Id of a finished upload of one's own: the last part of the Location that begin-upload gave"},
		"rights": {Type: "string", Description: "Of copies: what the parameter says otherwise"},
	}}
	describe := func(method, path, id, summary, description string, more ...*huma.Param) {
		body := binary("application/octet-stream")
		body["application/json"] = &huma.MediaType{Schema: named}
		addOperation(api, huma.Operation{
			OperationID: id, Method: method, Path: path, Summary: summary,
			Description: description + " In its place JSON may name a finished resumable upload; the same upload for the same use is kept once.",
			Parameters: append([]*huma.Param{
				{Name: "id", In: "path", Required: true, Description: "Of the video", Example: "7k3mzq9x0abd", Schema: &huma.Schema{Type: "string"}},
				{Name: "If-Match", In: "header", Description: "The ETag that was seen, of which the revision before the dot counts: 412 where the video has changed since", Example: `"7"`, Schema: &huma.Schema{Type: "string"}},
			}, more...),
			Errors:      append(anyError(), http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusInsufficientStorage),
			RequestBody: &huma.RequestBody{Required: true, Content: body},
			Responses:   map[string]*huma.Response{"200": {Description: "The video with the file", Content: map[string]*huma.MediaType{"application/json": {Schema: video}}, Headers: map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: "string"}}}}},
		})
	}
	describe(http.MethodPost, "/api/v1/videos/{id}/copies", "add-copy", "Keep a copy of the video",
		"The body is an mp4 or webm file of at most 4 GiB, by its content. Without rights it is refused.",
		textParam("rights", "query", "A licence's address, or a sentence: under what right the newsroom holds the file; required where the body is the file", false))
	describe(http.MethodPut, "/api/v1/videos/{id}/captions/{language}", "set-captions", "Keep captions for copies and media files",
		"The body is a WebVTT file of at most 2 MiB.", textParam("language", "path", "BCP 47", true))
	describe(http.MethodPut, "/api/v1/videos/{id}/poster", "set-poster", "Keep a poster of the newsroom's own",
		"The body is a JPEG, PNG or WebP picture of at most 12 MiB and 40 megapixels.")
}

// resumableOperations are those of https://tus.io/protocols/resumable-upload, with its headers.
func resumableOperations(api huma.API) {
	version := textParam("Tus-Resumable", "header", "1.0.0", true)
	id := textParam("id", "path", "Of the upload: the last part of the Location that begin-upload gave", true)
	header := func(description string) *huma.Param {
		return &huma.Param{Description: description, Schema: &huma.Schema{Type: "string"}}
	}
	offset, expires := header("Bytes that are durable on the server"), header("When the upload ends if nothing is added")
	addOperation(api, huma.Operation{
		OperationID: "upload-protocol", Method: http.MethodOptions, Path: uploadsPath, Summary: "What of the tus protocol is spoken here",
		Description: "Version and extensions, in headers.", Errors: anyError(),
		Responses: map[string]*huma.Response{"204": {Description: "In headers", Headers: map[string]*huma.Param{"Tus-Version": header("1.0.0"), "Tus-Extension": header(tusExtensions)}}},
	})
	addOperation(api, huma.Operation{
		OperationID: "begin-upload", Method: http.MethodPost, Path: uploadsPath, Summary: "Begin a file that comes in pieces",
		Errors:      append(anyError(), http.StatusNotFound, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusInsufficientStorage),
		Description: "The tus resumable upload protocol 1.0.0. The upload belongs to whoever begins it, and is on this server alone.",
		Parameters: []*huma.Param{
			version, textParam("Upload-Length", "header", "Bytes of the whole file", true),
			textParam("Upload-Metadata", "header", "purpose (copies, captions or poster), video (an id), filename and, of copies, rights, of captions, language, each followed by its value in base64, with commas between", true),
		},
		Responses: map[string]*huma.Response{"201": {Description: "Begun", Headers: map[string]*huma.Param{"Location": header("Where its pieces go"), "Upload-Expires": expires}}},
	})
	addOperation(api, huma.Operation{
		OperationID: "look-upload", Method: http.MethodHead, Path: uploadsPath + "/{id}", Summary: "How much has come",
		Description: "What the offset tells is durable: it survives a power cut.",
		Errors:      append(anyError(), http.StatusNotFound),
		Parameters:  []*huma.Param{id, version},
		Responses:   map[string]*huma.Response{"200": {Description: "In headers", Headers: map[string]*huma.Param{"Upload-Offset": offset, "Upload-Length": header("Bytes of the whole"), "Upload-Expires": expires}}},
	})
	addOperation(api, huma.Operation{
		OperationID: "add-to-upload", Method: http.MethodPatch, Path: uploadsPath + "/{id}", Summary: "Send a piece",
		Description: "What came before the connection broke is kept; ask how much that is, and go on from there.",
		Errors:      append(anyError(), http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusInsufficientStorage),
		Parameters: []*huma.Param{
			id, version, textParam("Upload-Offset", "header", "Where the piece begins: where the upload ends", true),
			textParam("Upload-Checksum", "header", `"sha256 " and the piece's digest in base64; one that differs is not kept`, false),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: binary("application/offset+octet-stream")},
		Responses:   map[string]*huma.Response{"204": {Description: "Kept", Headers: map[string]*huma.Param{"Upload-Offset": offset, "Upload-Expires": expires}}},
	})
	addOperation(api, huma.Operation{
		OperationID: "give-up-upload", Method: http.MethodDelete, Path: uploadsPath + "/{id}", Summary: "Give an upload up",
		Description: "What has come is deleted. Uploads to which nothing is added end by themselves.",
		Errors:      append(anyError(), http.StatusNotFound),
		Parameters:  []*huma.Param{id, version},
		Responses:   map[string]*huma.Response{"204": {Description: "Gone"}},
	})
}
