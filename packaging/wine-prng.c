// bcryptprimitives.dll for a Wine that has none: .ci/release builds it for its test.
// Windows has the function of this name, and no package contains this one.
#include <windows.h>
#include <ntsecapi.h>

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return RtlGenRandom(data, (ULONG)size); }
