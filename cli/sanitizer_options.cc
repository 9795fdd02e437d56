// SPDX-License-Identifier: Apache-2.0
// What the program asks of AddressSanitizer when it is built with it. Not covered: fuzz targets, whose options the
// launcher sets.

// Media are read anew after every step of a replay: freed copies would otherwise be kept by the hundred megabytes.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=16"; }
