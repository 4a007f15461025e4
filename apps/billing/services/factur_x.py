"""Makes of a PDF/A-3 with an e-invoice attached one that says so: what Factur-X wants in the metadata of the file.

typst attaches the file and writes PDF/A-3b, but knows no metadata beyond its own. The properties are those of the
Factur-X specification, chapter 6.2.
"""

from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import StreamObject

_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = (
    ("DocumentFileName", "factur-x.xml", "The name of the embedded XML document"),
    ("DocumentType", "INVOICE", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "1.0", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "EN 16931", "The conformance level of the embedded XML document"),
)
_END_OF_SCHEMAS = "</rdf:Bag></pdfaExtension:schemas>"
_END_OF_DESCRIPTIONS = "</rdf:RDF>"


def with_metadata(pdf: bytes) -> bytes:
    """Return a PDF of typst's whose metadata name its e-invoice; the same bytes for the same ones.

    Raises ValueError where the metadata are not as typst writes them.
    """
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.pdf_header = pdf.split(b"\n", 1)[0].decode()
    metadata = writer.root_object["/Metadata"].get_object()
    if not isinstance(metadata, StreamObject):
        raise ValueError("The PDF has no metadata.")
    metadata.set_data(_extended(metadata.get_data().decode()).encode())
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _extended(xmp: str) -> str:
    for place in (_END_OF_SCHEMAS, _END_OF_DESCRIPTIONS):
        if xmp.count(place) != 1:
            raise ValueError(f"The metadata of the PDF have {xmp.count(place)} times {place}.")
    told = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value, _ in _PROPERTIES)
    described = f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">{told}</rdf:Description>'
    return xmp.replace(_END_OF_SCHEMAS, _schema() + _END_OF_SCHEMAS).replace(
        _END_OF_DESCRIPTIONS, described + _END_OF_DESCRIPTIONS
    )


def _schema() -> str:
    """Return the properties as PDF/A wants every one that it does not know described."""
    resource = '<rdf:li rdf:parseType="Resource">'
    properties = "".join(
        f"{resource}<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, _, meaning in _PROPERTIES
    )
    return (
        f"{resource}<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
