package api

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/desk"
)

// route is one act of the API.
type route struct {
	method, path, summary string
	in, out               reflect.Type
	run                   func(context.Context, dottedline.Actor, *http.Request) (any, error)
}

func get[In, Out any](path, summary string, f func(context.Context, dottedline.Actor, In) (Out, error)) route {
	return act(http.MethodGet, path, summary, f)
}

func post[In, Out any](path, summary string, f func(context.Context, dottedline.Actor, In) (Out, error)) route {
	return act(http.MethodPost, path, summary, f)
}

func act[In, Out any](method, path, summary string, f func(context.Context, dottedline.Actor, In) (Out, error)) route {
	return route{method, path, summary, reflect.TypeFor[In](), reflect.TypeFor[Out](), func(c context.Context, a dottedline.Actor, r *http.Request) (any, error) {
		var in In
		if err := read(r, &in); err != nil {
			return nil, err
		}
		return f(c, a, in)
	}}
}

// New serves the API. A request shows its key as "Authorization: Bearer KEY";
// cookies are not looked at, so that no other site can act for a member.
func New(d *desk.Desk, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	rs := slices.Concat(routes(d), askRoutes(d), tellRoutes(d))
	for _, r := range rs {
		mux.HandleFunc(r.method+" /api/v1"+r.path, func(w http.ResponseWriter, req *http.Request) {
			key, _ := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
			a, err := d.APIActor(req.Context(), key)
			var out any
			if err == nil {
				out, err = r.run(req.Context(), a, req)
			}
			if err != nil {
				fail(w, log, err)
				return
			}
			reply(w, http.StatusOK, out)
		})
	}
	doc := openAPI(rs)
	mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, doc) })
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, log, &dottedline.Problem{Kind: dottedline.NotFound, Text: "The API has no such address.", Hint: "GET /api/v1/openapi.json lists them."})
	})
	return mux
}

const maxBody = 1 << 20

// bulky is an input whose JSON may take more bytes than maxBody.
type bulky interface{ most() int }

// read fills the input from the path, the query and the body.
func read(r *http.Request, into any) error {
	v := reflect.ValueOf(into).Elem()
	if r.Method == http.MethodPost && v.NumField() > 0 {
		most := maxBody
		if b, ok := into.(bulky); ok {
			most = b.most()
		}
		b, err := io.ReadAll(io.LimitReader(r.Body, int64(most)+1))
		if err != nil || len(b) > most {
			return dottedline.Wrong(fmt.Sprintf("The limit is %d MB.", most>>20), "The request can't be read.")
		}
		if len(b) > 0 {
			dec := json.NewDecoder(bytes.NewReader(b))
			dec.DisallowUnknownFields()
			if err := dec.Decode(into); err != nil {
				return dottedline.Wrong("GET /api/v1/openapi.json says what it may hold.", "The request is not the JSON that is asked for: %v.", err)
			}
		}
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		s, name := "", ""
		if name = f.Tag.Get("path"); name != "" {
			s = r.PathValue(name)
		} else if name = f.Tag.Get("query"); name != "" {
			s = r.URL.Query().Get(name)
		} else {
			continue
		}
		if u, ok := v.Field(i).Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(s)); err != nil {
				return dottedline.Missing(name)
			}
			continue
		}
		v.Field(i).SetString(s)
	}
	return nil
}

func reply(w http.ResponseWriter, code int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		code, b = http.StatusInternalServerError, []byte(`{"error":"it can't be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	w.Write(append(b, '\n'))
}

// status maps a kind of problem to HTTP.
var status = map[dottedline.ProblemKind]int{
	dottedline.Invalid: http.StatusUnprocessableEntity, dottedline.NotFound: http.StatusNotFound, dottedline.Forbidden: http.StatusForbidden,
	dottedline.SignIn: http.StatusUnauthorized, dottedline.Conflict: http.StatusConflict, dottedline.TooMany: http.StatusTooManyRequests,
}

func fail(w http.ResponseWriter, log *slog.Logger, err error) {
	var p *dottedline.Problem
	if errors.As(err, &p) {
		if p.Kind == dottedline.SignIn {
			w.Header().Set("WWW-Authenticate", "Bearer")
			p = &dottedline.Problem{Kind: p.Kind, Text: "The API wants a key.", Hint: "Make one in Settings and send it as Authorization: Bearer KEY."}
		}
		reply(w, status[p.Kind], map[string]string{"error": p.Text, "hint": p.Hint})
		return
	}
	log.Error("api", "err", err)
	reply(w, http.StatusInternalServerError, map[string]string{"error": "Something went wrong on our side."})
}

// openAPI describes the routes (OpenAPI 3.1).
func openAPI(rs []route) map[string]any {
	paths := map[string]any{}
	for _, r := range rs {
		op := map[string]any{"summary": r.summary, "responses": map[string]any{
			"200":     map[string]any{"description": "done", "content": content(r.out)},
			"default": map[string]any{"description": "a problem", "content": content(reflect.TypeFor[map[string]string]())}}}
		var params []any
		for i := range r.in.NumField() {
			f := r.in.Field(i)
			for _, where := range []string{"path", "query"} {
				if name := f.Tag.Get(where); name != "" {
					params = append(params, map[string]any{"name": name, "in": where, "required": where == "path", "schema": map[string]any{"type": "string"}})
				}
			}
		}
		if params != nil {
			op["parameters"] = params
		}
		if r.method == http.MethodPost {
			op["requestBody"] = map[string]any{"content": content(r.in)}
		}
		at, _ := paths["/api/v1"+r.path].(map[string]any)
		if at == nil {
			at = map[string]any{}
			paths["/api/v1"+r.path] = at
		}
		at[strings.ToLower(r.method)] = op
	}
	return map[string]any{"openapi": "3.1.0", "info": map[string]any{"title": "Dottedline", "version": "1"}, "paths": paths,
		"components": map[string]any{"securitySchemes": map[string]any{"key": map[string]any{"type": "http", "scheme": "bearer"}}},
		"security":   []any{map[string]any{"key": []any{}}}}
}

func content(t reflect.Type) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": schema(t)}}
}

var isText = reflect.TypeFor[encoding.TextMarshaler]()

// schema is the JSON Schema of a type of ours.
func schema(t reflect.Type) map[string]any {
	if t.Implements(isText) {
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"oneOf": []any{schema(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schema(t.Elem())}
	case reflect.Struct:
		props := map[string]any{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || name == "-" {
				continue
			}
			props[name] = schema(f.Type)
		}
		return map[string]any{"type": "object", "properties": props}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	}
	panic(fmt.Sprintf("api: no schema for %v", t))
}
