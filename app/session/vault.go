package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/promise"
)

// The vault is one text in the browser's IndexedDB, encrypted by AES-GCM with a key
// that the browser holds and never gives out (non-extractable WebCrypto). It stops
// whoever reads the profile's files as text, not whoever holds the unlocked profile.
const (
	vaultName  = "keystead" // the page's first script deletes every database of the origin
	vaultStore = "kept"
	vaultKey   = "key"
	vaultText  = "text"
)

// errNothingKept is an empty vault.
var errNothingKept = errors.New("session: nothing is kept")

// errLeaving refuses to keep anything while the person is on their way out.
var errLeaving = errors.New("session: signing out")

// vaultTurn lets one at it at a time: what is wiped must not be written again by
// a sync that began before.
var vaultTurn sync.Mutex

// vaultPossible reports whether this browser has what it takes: WebCrypto only
// exists in secure contexts.
func vaultPossible() bool {
	w := app.Window()
	return w.Get("isSecureContext").Truthy() && w.Get("indexedDB").Truthy() && w.Get("crypto").Get("subtle").Truthy()
}

func hidden() bool { return app.Window().Get("document").Get("hidden").Truthy() }

// closed reports whether the vault is to stay as wiped.
func closed() bool {
	known.Lock()
	defer known.Unlock()
	return known.leaving || known.prefs.NoOffline
}

func vaultWrite(ctx context.Context, text []byte) error {
	vaultTurn.Lock()
	defer vaultTurn.Unlock()
	if closed() {
		return errLeaving
	}
	return withVault(ctx, func(db app.Value) error {
		key, err := sealingKey(ctx, db)
		if err != nil {
			return err
		}
		iv := app.Window().Get("Uint8Array").New(12)
		app.Window().Get("crypto").Call("getRandomValues", iv)
		sealed, err := promise.Await(ctx, subtle().Call("encrypt", aesGCM(iv), key, toBytes(text)))
		if err != nil {
			return err
		}
		return put(ctx, db, vaultText, map[string]any{"iv": iv, "sealed": sealed})
	})
}

func vaultRead(ctx context.Context) (text []byte, err error) {
	if !vaultPossible() {
		return nil, errNothingKept
	}
	vaultTurn.Lock()
	defer vaultTurn.Unlock()
	if closed() {
		return nil, errNothingKept // opening it would make it anew
	}
	err = withVault(ctx, func(db app.Value) error {
		key, err := get(ctx, db, vaultKey)
		if err != nil {
			return err
		}
		kept, err := get(ctx, db, vaultText)
		if err != nil {
			return err
		}
		if !key.Truthy() || !kept.Truthy() {
			return errNothingKept
		}
		opened, err := promise.Await(ctx, subtle().Call("decrypt", aesGCM(kept.Get("iv")), key, kept.Get("sealed")))
		if err != nil {
			return err
		}
		text = fromBuffer(opened)
		return nil
	})
	return text, err
}

// wipe drops the vault, its key included.
func wipe(ctx context.Context) error {
	if !app.Window().Get("indexedDB").Truthy() {
		return nil
	}
	vaultTurn.Lock()
	defer vaultTurn.Unlock()
	known.Lock()
	known.synced = nil
	known.Unlock()
	_, err := promise.Request(ctx, app.Window().Get("indexedDB").Call("deleteDatabase", vaultName))
	return err
}

// sealingKey is the vault's key, made when there is none.
func sealingKey(ctx context.Context, db app.Value) (app.Value, error) {
	key, err := get(ctx, db, vaultKey)
	if err != nil || key.Truthy() {
		return key, err
	}
	const extractable = false
	key, err = promise.Await(ctx, subtle().Call("generateKey",
		map[string]any{"name": "AES-GCM", "length": 256}, extractable, []any{"encrypt", "decrypt"}))
	if err != nil {
		return nil, err
	}
	return key, put(ctx, db, vaultKey, key)
}

// withVault opens the database for one act. An open one would hold up its deletion.
// Where the browser throws (storage is full, broken or refused) that is an error like
// others: what is kept is a convenience, and must not end the console.
func withVault(ctx context.Context, act func(db app.Value) error) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("session: the browser's storage: %v", thrown)
		}
	}()
	opening := app.Window().Get("indexedDB").Call("open", vaultName, 1)
	upgrade := app.FuncOf(func(app.Value, []app.Value) any {
		opening.Get("result").Call("createObjectStore", vaultStore)
		return nil
	})
	defer upgrade.Release()
	opening.Set("onupgradeneeded", upgrade)
	db, err := promise.Request(ctx, opening)
	if err != nil {
		return err
	}
	defer db.Call("close")
	if !db.Get("objectStoreNames").Call("contains", vaultStore).Bool() {
		// Someone else made it. Its deletion waits for the close above.
		app.Window().Get("indexedDB").Call("deleteDatabase", vaultName)
		return errNothingKept
	}
	return act(db)
}

func get(ctx context.Context, db app.Value, name string) (app.Value, error) {
	return promise.Request(ctx, objects(db, "readonly").Call("get", name))
}

func put(ctx context.Context, db app.Value, name string, value any) error {
	_, err := promise.Request(ctx, objects(db, "readwrite").Call("put", value, name))
	return err
}

func objects(db app.Value, mode string) app.Value {
	return db.Call("transaction", vaultStore, mode).Call("objectStore", vaultStore)
}

func subtle() app.Value { return app.Window().Get("crypto").Get("subtle") }

func aesGCM(iv app.Value) map[string]any { return map[string]any{"name": "AES-GCM", "iv": iv} }

func toBytes(text []byte) app.Value {
	array := app.Window().Get("Uint8Array").New(len(text))
	app.CopyBytesToJS(array, text)
	return array
}

func fromBuffer(buffer app.Value) []byte {
	array := app.Window().Get("Uint8Array").New(buffer)
	text := make([]byte, array.Length())
	app.CopyBytesToGo(text, array)
	return text
}
