// Package pages holds the console's pages and dialogs, one to a file.
//
// What a page decides (which list an address means, what may be done with a key, how
// a summary reads) is a plain type or function, tested natively: keys_query.go,
// keys_model.go, key_rights.go, key_form.go and the others without a Render. What it
// does in the browser is drawn from parts of package ui, inside the frame of package
// shell, and is tested there.
//
// Both key screens work at a [keyDesk]: it asks for the list, acts on keys, and knows
// which dialog is open. Everything that could be bookmarked is in the address; a
// value of a key is in none of them, see valueStep and ui.Secret.
package pages
