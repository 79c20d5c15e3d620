#pragma once

// Only for the .cpp files of this folder that work with qpdf. JSON.hh of qpdf 11.3 does not compile as C++20
// with clang (a vector of the class being defined); nothing here uses it, and a declaration is all that the
// other headers need.

#ifndef JSON_HH
#define JSON_HH
class JSON;
#endif

#include <qpdf/InputSource.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFStreamFilter.hh>
#include <qpdf/QPDFWriter.hh>
