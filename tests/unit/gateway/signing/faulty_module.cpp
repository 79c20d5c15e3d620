#include "faulty_module.hpp"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

extern "C" {
__attribute__((visibility("default"))) demat::test::FaultScript fault_script;
__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list);
}

namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_FUNCTION_LIST ours;

CK_RV initialise(void* arguments) {
  ++fault_script.initialisations;
  fault_script.open_sessions = 0;
  return real->C_Initialize(arguments);
}

CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV result = real->C_GetTokenInfo(slot, info);
  info->flags |= fault_script.token_flags;
  return result;
}

CK_RV mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info) {
  if (fault_script.hides_combined && type == CKM_SHA256_RSA_PKCS) return CKR_MECHANISM_INVALID;
  return real->C_GetMechanismInfo(slot, type, info);
}

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session) {
  if (++fault_script.open_sessions > fault_script.sessions) {
    --fault_script.open_sessions;
    return CKR_SESSION_COUNT;
  }
  const CK_RV result = real->C_OpenSession(slot, flags, application, notify, session);
  if (result != CKR_OK) --fault_script.open_sessions;
  return result;
}

CK_RV close_session(CK_SESSION_HANDLE session) {
  const CK_RV result = real->C_CloseSession(session);
  if (result == CKR_OK) --fault_script.open_sessions;
  return result;
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char* pin, CK_ULONG size) {
  ++fault_script.logins;
  return real->C_Login(session, user, pin, size);
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (fault_script.refuses_combined && mechanism->mechanism == CKM_SHA256_RSA_PKCS)
    return CKR_MECHANISM_INVALID;
  return real->C_SignInit(session, mechanism, key);
}

CK_RV sign(CK_SESSION_HANDLE session, unsigned char* data, CK_ULONG size, unsigned char* value,
           CK_ULONG* length) {
  if (fault_script.sign_failures > 0) {
    --fault_script.sign_failures;
    return fault_script.sign_result;
  }
  return real->C_Sign(session, data, size, value, length);
}

CK_C_GetFunctionList real_entry() {
  for (const char* file :
       {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"})
    if (void* const library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE))
      return reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  return nullptr;
}

}  // namespace

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  const auto entry = real_entry();
  if (entry == nullptr || entry(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  ours = *real;
  ours.C_Initialize = initialise;
  ours.C_GetTokenInfo = token_info;
  ours.C_GetMechanismInfo = mechanism_info;
  ours.C_OpenSession = open_session;
  ours.C_CloseSession = close_session;
  ours.C_Login = login;
  ours.C_SignInit = sign_init;
  ours.C_Sign = sign;
  *list = &ours;
  return CKR_OK;
}
